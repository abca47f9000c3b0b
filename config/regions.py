"""Parts of the world by the names that people choose sources with. Codes are ISO 3166-1 alpha-2 (XK for Kosovo)."""

from __future__ import annotations

from collections.abc import Collection

REGIONS: dict[str, frozenset[str]] = {
    "iraq-and-syria": frozenset({"IQ", "SY"}),
    "middle-east": frozenset({"AE", "BH", "EG", "IL", "IQ", "IR", "JO", "KW", "LB", "OM", "PS", "QA", "SA", "SY", "TR",
                              "YE"}),
    "north-africa": frozenset({"DZ", "EG", "LY", "MA", "MR", "SD", "TN"}),
    "central-asia": frozenset({"AF", "KG", "KZ", "TJ", "TM", "UZ"}),
    "caucasus": frozenset({"AM", "AZ", "GE"}),
    "russia": frozenset({"RU", "BY"}),
    "balkans": frozenset({"AL", "BA", "BG", "GR", "HR", "ME", "MK", "RO", "RS", "SI", "XK"}),
    "western-europe": frozenset({"AT", "BE", "CH", "DE", "ES", "FR", "GB", "IE", "IT", "LU", "NL", "PT"}),
    "northern-europe": frozenset({"DK", "EE", "FI", "IS", "LT", "LV", "NO", "SE"}),
    "eastern-europe": frozenset({"CZ", "HU", "MD", "PL", "SK", "UA"}),
    "north-america": frozenset({"CA", "MX", "US"}),
    "asia-and-pacific": frozenset({"AU", "BD", "CN", "ID", "IN", "JP", "KR", "LK", "MV", "MY", "NZ", "PH", "PK", "SG",
                                   "TH"}),
    "africa": frozenset({"ET", "KE", "ML", "MZ", "NE", "NG", "SN", "SO", "TD", "TZ", "UG", "ZA"}),
}


def countries_of(regions: Collection[str]) -> frozenset[str]:
    """The countries of these regions together."""
    return frozenset().union(*(REGIONS[region] for region in regions))
