"""What the tests in a real browser share: see tests/support/browser.py."""

from tests.support.browser import browser, open_phone, phone
from tests.support.site import origin, site

__all__ = ["browser", "open_phone", "origin", "phone", "site"]
