from flask_babel import LazyString as LazyString
