"""Templates, each compiled once for every language, with that language's texts and the pictures in place.

A page says a hundred texts and shows twenty pictures that are the same on every visit: what is known when a
template is read is not looked up while somebody waits.
"""

from collections.abc import Callable, Mapping, MutableMapping
from functools import partial
from typing import Any, cast

from flask import Flask
from flask.templating import Environment
from jinja2 import BaseLoader, Template, nodes

from portal.web.compiling import Address, Folding, Straight, Texts, addresses, refuse_shadows


class InLanguage(BaseLoader):
    """Finds "ar/home/home.html" where "home/home.html" lies."""

    def __init__(self, files: BaseLoader) -> None:
        self._files = files

    def get_source(
        self, environment: Any, template: str
    ) -> tuple[str, str | None, Callable[[], bool] | None]:
        """The template's source, which is the same in every language."""
        return self._files.get_source(environment, template.partition("/")[2])


class Templates(Environment):
    """Flask's environment; a name that a view or a template asks for means the one in the page's language."""

    code_generator_class = Straight

    def speak(self, language: Callable[[], str], texts: Mapping[str, Texts], address: Address) -> None:
        """Say how the code of the page's language is found, each language's texts, and where a view is."""
        self._language = language
        self._folding = {
            code: Folding(those, address, partial(self._read, code), self.globals)
            for code, those in texts.items()
        }

    def _read(self, language: str, name: str) -> nodes.Template:
        """A template as it was written."""
        loader = cast(BaseLoader, self.loader)
        source, filename, _ = loader.get_source(self, f"{language}/{name}")
        read = self.parse(source, name, filename)
        refuse_shadows(read, name)
        return read

    def get_template(
        self,
        name: str | Template,
        parent: str | None = None,
        globals: MutableMapping[str, Any] | None = None,
    ) -> Template:
        """The template in the page's language, or in the language of the template that asks for it."""
        if parent is None and isinstance(name, str):
            name = f"{self._language()}/{name}"
        return super().get_template(name, parent, globals)

    def make_globals(self, d: MutableMapping[str, Any] | None) -> MutableMapping[str, Any]:
        """What every template knows, as one table: to look through a chain of them costs at each import."""
        return {**self.globals, **d} if d else self.globals

    def join_path(self, template: str, parent: str) -> str:
        """What a template includes, extends or imports is in its own language."""
        return f"{parent.partition('/')[0]}/{template}"

    def _generate(
        self, source: nodes.Template, name: str | None, filename: str | None, defer_init: bool = False
    ) -> str:
        if name:
            refuse_shadows(source, name)
            folding = self._folding[name.partition("/")[0]]
            source = folding.visit(source)
        return super()._generate(source, name, filename, defer_init)


def install(app: Flask, language: Callable[[], str], texts: Mapping[str, Texts]) -> None:
    """Let the app have such templates. Call it before anything else asks for `app.jinja_env`."""
    app.jinja_environment = Templates
    # Every template in every language is kept: there are no others.
    app.jinja_options = {**app.jinja_options, "cache_size": -1}
    made = cast(Templates, app.jinja_env)
    made.loader = InLanguage(app.create_global_jinja_loader())
    made.speak(language, texts, addresses(app.url_map))
