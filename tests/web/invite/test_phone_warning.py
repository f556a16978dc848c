"""What the host tells guests to compare."""

from __future__ import annotations

from messango.web.invite.phone_warning import phone_warning


def test_the_address_and_both_ends_of_the_fingerprint() -> None:
    """Without the key: the address bar does not show it in front of others."""
    groups = [f"{number:04x}" for number in range(16)]
    text = phone_warning("https://[fd00::1]:8000/#k=secret", " ".join(groups))
    assert "https://[fd00::1]:8000." in text
    assert "begins with 0000 0001 0002 0003 and ends with 000c 000d 000e 000f" in text
    assert "secret" not in text
