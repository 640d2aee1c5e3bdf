"""Which country the last line of an address names, and what its post costs by."""

import re
import unicodedata
from dataclasses import dataclass
from functools import cache

from babel import Locale

UNITED_KINGDOM = "united-kingdom"
EUROPE = "europe"
REST_OF_WORLD = "rest-of-world"

# Royal Mail's zone, with its far countries and Greenland: https://www.royalmail.com/international-zones
_EUROPE = re.compile(
    "A[DLMTXZ]|B[AEGY]|C[HYZ]|D[EK]|E[ES]|F[IOR]|G[EILR]|H[RU]|I[CEST]|K[GZ]|L[ITUV]|M[CDEKT]|"
    "N[LO]|P[LT]|R[OSU]|S[EIJKM]|T[JMR]|U[AZ]|VA|XK"
)
_UNITED_KINGDOM = frozenset(("GB", "GG", "IM", "JE", "CQ"))
# CLDR's names that are no places with post, or stand for a country that has its own row.
_NO_COUNTRIES = frozenset(("AQ", "BV", "CP", "EU", "EZ", "HM", "QO", "UN", "XA", "XB", "ZZ"))

# The names of the GOV.UK register of countries and territories, where CLDR's read otherwise.
_ENGLISH = {
    "BL": "Saint Barthélemy",
    "BQ": "Bonaire",
    "BS": "The Bahamas",
    "CD": "Congo (Democratic Republic)",
    "CG": "Congo",
    "CI": "Ivory Coast",
    "CQ": "Sark",
    "EA": "Ceuta and Melilla",
    "GM": "The Gambia",
    "GS": "South Georgia and South Sandwich Islands",
    "HK": "Hong Kong",
    "MF": "Saint-Martin (French part)",
    "MO": "Macao",
    "PN": "Pitcairn, Henderson, Ducie and Oeno Islands",
    "PS": "Occupied Palestinian Territories",
    "SH": "Saint Helena",
    "SX": "Sint Maarten (Dutch part)",
    "TL": "East Timor",
    "VC": "St Vincent",
    "VI": "United States Virgin Islands",
}
# What else people write. CLDR's own English and Welsh names need not stand here.
_OTHER_NAMES = {
    "AE": "UAE|Dubai|Abu Dhabi|Sharjah",
    "AL": "Shqipëria",
    "AT": "Österreich",
    "BE": "België|Belgique|Belgien",
    "BQ": "Saba|Sint Eustatius",
    "BR": "Brasil",
    "CD": "DR Congo|DRC|Democratic Republic of Congo|Democratic Republic of the Congo",
    "CG": "Republic of the Congo",
    "CH": "Schweiz|Suisse|Svizzera",
    "CN": "People’s Republic of China|PRC",
    "CV": "Cabo Verde",
    "CZ": "Czech Republic|Česko|Czechoslovakia",
    "DE": "Deutschland|Federal Republic of Germany",
    "DK": "Danmark",
    "EE": "Eesti",
    "ES": "España|Balearic Islands|Illes Balears|Islas Baleares|Majorca|Mallorca|Menorca|Ibiza",
    "FI": "Suomi",
    "FK": "Falklands",
    "FR": "Corsica|Corse",
    "GB": "UK|GBR|Great Britain|Britain|England|Scotland|Wales|Northern Ireland|N Ireland|NI"
    "|Lloegr|Yr Alban|Cymru|Gogledd Iwerddon|Channel Islands|Alderney",
    "GR": "Hellas|Ελλάδα",
    "HR": "Hrvatska",
    "HU": "Magyarország",
    "IC": "Canaries|Islas Canarias|Tenerife|Lanzarote|Gran Canaria|Fuerteventura|La Palma",
    "IE": "Éire|ROI|Republic of Ireland|Irish Republic|Southern Ireland",
    "IS": "Ísland",
    "IT": "Italia",
    "KP": "DPRK",
    "KR": "Korea|Republic of Korea",
    "LT": "Lietuva",
    "LV": "Latvija",
    "MK": "Macedonia",
    "MM": "Burma|Myanmar",
    "MO": "Macau",
    "MX": "México",
    "NL": "Holland|Nederland",
    "NO": "Norge",
    "NZ": "Aotearoa",
    "PL": "Polska",
    "PN": "Pitcairn",
    "PS": "Palestine|State of Palestine|Palestinian Territory",
    "PT": "Azores|Açores|Madeira",
    "RO": "România",
    "RS": "Srbija",
    "RU": "Russian Federation",
    "SE": "Sverige",
    "SI": "Slovenija",
    "SK": "Slovensko|Slovak Republic",
    "SY": "Syrian Arab Republic",
    "SZ": "Swaziland",
    "TA": "Tristan",
    "TR": "Turkey",
    "TW": "Republic of China",
    "US": "USA|US|America|United States of America|Hawaii",
    "VA": "Vatican|Holy See",
    "VC": "St Vincent and the Grenadines",
    "VN": "Viet Nam",
}
_ARTICLES = re.compile(r"^(the|yr|y) ")
_IGNORED = re.compile(r"[^\w]|_")


@dataclass(frozen=True, slots=True, kw_only=True)
class Country:
    name: str  # in English
    zone: str


def find_country(line: str) -> Country | None:
    """The country that a line names, in English, in Welsh or in its own language."""
    code = _codes_by_name().get(_key_of(line))
    return None if code is None else Country(name=_name_of(code), zone=zone_of(code))


def zone_of(code: str) -> str:
    """Of a country by its code of two letters (ISO 3166)."""
    if code in _UNITED_KINGDOM:
        return UNITED_KINGDOM
    return EUROPE if _EUROPE.fullmatch(code) else REST_OF_WORLD


def _name_of(code: str) -> str:
    name = _ENGLISH.get(code) or _names_in("en")[code]
    return name.replace(" & ", " and ").replace("St. ", "St ")


@cache
def _codes_by_name() -> dict[str, str]:
    """From CLDR, which Babel brings along, and from the tables above, which win."""
    english, welsh = _names_in("en"), _names_in("cy")
    codes = [code for code in english if len(code) == 2 and code not in _NO_COUNTRIES]
    known = {
        _key_of(names[code]): code for names in (welsh, english) for code in codes if code in names
    }
    known |= {_key_of(_name_of(code)): code for code in codes}
    return known | {
        _key_of(name): code for code, names in _OTHER_NAMES.items() for name in names.split("|")
    }


@cache
def _names_in(language: str) -> dict[str, str]:
    return {str(code): str(name) for code, name in Locale(language).territories.items()}


def _key_of(name: str) -> str:
    """What the spellings of one name share: case, accents, marks and the article do not count."""
    plain = unicodedata.normalize("NFKD", name.casefold().strip())
    plain = "".join(letter for letter in plain if not unicodedata.combining(letter))
    plain = _ARTICLES.sub("", plain.replace("&", " and ").replace("saint", "st"))
    return _IGNORED.sub("", plain)
