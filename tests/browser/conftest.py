"""What the tests in a real browser share: see tests/support/browser.py."""

from tests.support.browser import browser, open_phone, phone

__all__ = ["browser", "open_phone", "phone"]
