"""The languages that an interpreter may be asked for: more than the portal itself speaks."""


def _l(word: str) -> str:
    """The word as it stands, marked for the catalogues: who shows it says it in the page's language."""
    return word


SPOKEN = {
    "sq": _l("albanska"),
    "am": _l("amhariska"),
    "ar": _l("arabiska"),
    "bn": _l("bengali"),
    "bs": _l("bosniska, kroatiska, serbiska"),
    "prs": _l("dari"),
    "en": _l("engelska"),
    "fi": _l("finska"),
    "fr": _l("franska"),
    "zh": _l("kinesiska"),
    "kmr": _l("kurdiska (kurmanji)"),
    "ckb": _l("kurdiska (sorani)"),
    "om": _l("oromo"),
    "ps": _l("pashto"),
    "fa": _l("persiska"),
    "pl": _l("polska"),
    "rom": _l("romani"),
    "ro": _l("rumänska"),
    "ru": _l("ryska"),
    "so": _l("somaliska"),
    "es": _l("spanska"),
    "sw": _l("swahili"),
    "swl": _l("teckenspråk"),
    "th": _l("thailändska"),
    "ti": _l("tigrinska"),
    "tr": _l("turkiska"),
    "uk": _l("ukrainska"),
    "ur": _l("urdu"),
    "vi": _l("vietnamesiska"),
}
"""By code (ISO 639). Ours: those that teams in Sweden ask for; what is missing is added here."""
