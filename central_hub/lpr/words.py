"""Vendors' words that mean one thing: whoever looks for a white car finds `white`, `Branco` and `BRANCA`.

The words are those of the vendors' documents (Hikvision ISAPI ANPR, Dahua ITSAPI, Axis LPV, OpenALPR,
Plate Recognizer) and what Portuguese and Spanish firmwares send for them; the second of each is what people
read. A read keeps its own word.
"""

_COLORS = (
    ("white", "branco", "branca", "blanco", "blanca"),
    ("silver", "prata", "plata", "silver-gray"),
    ("gray", "cinza", "grey", "gris"),
    ("black", "preto", "preta", "negro", "negra"),
    ("red", "vermelho", "vermelha", "rojo", "roja"),
    ("blue", "azul"),
    ("green", "verde"),
    ("yellow", "amarelo", "amarela", "amarillo", "amarilla"),
    ("brown", "marrom", "marrón"),
    ("orange", "laranja", "naranja"),
    ("pink", "rosa"),
    ("purple", "roxo", "roxa", "violeta"),
    ("gold", "dourado", "dourada", "gold-beige", "beige", "bege"),
)
_DIRECTIONS = (
    ("forward", "aproximando", "approach", "approaching"),
    ("reverse", "afastando", "leave", "leaving", "receding", "away"),
    ("in", "entrando", "entrada"),
    ("out", "saindo", "saída"),
)
_TYPES = (
    ("car", "carro", "sedan", "automóvel", "smallcar"),
    ("truck", "caminhão", "largetruck", "camião"),
    ("bus", "ônibus", "largebus"),
    ("motorcycle", "moto", "twowheelvehicle", "motorbike", "motocicleta"),
    ("pickuptruck", "caminhonete", "pickup", "picape"),
    ("suv", "utilitário", "suvmpv"),
)


def _by_word(groups: tuple[tuple[str, ...], ...]) -> dict[str, tuple[str, ...]]:
    return {word: group for group in groups for word in group}


#: By the column of a read.
_MEANINGS = {
    "vehicle_color": _by_word(_COLORS),
    "direction": _by_word(_DIRECTIONS),
    "vehicle_type": _by_word(_TYPES),
}


def meaning(column: str, word: str) -> tuple[str, ...]:
    """The words, in small letters, that mean the same in this column; the word alone where none is known."""
    small = word.strip().lower()
    return _MEANINGS[column].get(small, (small,))


def in_portuguese(column: str, word: str | None) -> str:
    """For people; a word that nobody knows as it is, and nothing for nothing."""
    known = meaning(column, word or "")
    return known[1] if len(known) > 1 else word or ""
