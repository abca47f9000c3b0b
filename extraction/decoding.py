"""Bytes to text: only the encodings of the web (WHATWG), whatever was declared; a lie is noticed and a guess is last.

Python knows codecs that are no encodings of text (zip, idna, unicode_escape, undefined) and some that hide markup from
every check (UTF-7, EBCDIC): a label outside the table below is no label.
"""

from __future__ import annotations

import codecs
import re

_WEB = {  # Python's codec: the labels the web uses for it, after https://encoding.spec.whatwg.org
    "utf-8": "utf-8 utf8 unicode-1-1-utf-8 x-unicode20utf8 us-ascii-utf8",
    "utf-16-le": "utf-16le utf-16 ucs-2 unicode iso-10646-ucs-2 csunicode unicodefeff",
    "utf-16-be": "utf-16be unicodefffe",
    "cp1252": "windows-1252 cp1252 x-cp1252 iso-8859-1 iso8859-1 iso88591 iso_8859-1 latin1 latin-1 l1 ascii us-ascii",
    "cp1250": "windows-1250 cp1250 x-cp1250", "cp1251": "windows-1251 cp1251 x-cp1251 win-1251 cp-1251",
    "cp1253": "windows-1253 cp1253 x-cp1253", "cp1254": "windows-1254 cp1254 iso-8859-9 iso8859-9 latin5 l5 x-cp1254",
    "cp1255": "windows-1255 cp1255 x-cp1255", "cp1256": "windows-1256 cp1256 x-cp1256",
    "cp1257": "windows-1257 cp1257 x-cp1257", "cp1258": "windows-1258 cp1258 x-cp1258",
    "cp874": "windows-874 tis-620 iso-8859-11 dos-874", "cp866": "ibm866 866 cp866 csibm866",
    "iso8859-2": "iso-8859-2 iso8859-2 latin2 l2", "iso8859-3": "iso-8859-3 latin3", "iso8859-4": "iso-8859-4 latin4",
    "iso8859-5": "iso-8859-5 iso8859-5 cyrillic", "iso8859-6": "iso-8859-6 iso8859-6 arabic asmo-708 ecma-114",
    "iso8859-7": "iso-8859-7 iso8859-7 greek greek8 elot_928",
    "iso8859-8": "iso-8859-8 iso8859-8 iso-8859-8-i hebrew logical",
    "iso8859-10": "iso-8859-10 latin6", "iso8859-13": "iso-8859-13", "iso8859-14": "iso-8859-14",
    "iso8859-15": "iso-8859-15 iso8859-15 latin9 l9", "iso8859-16": "iso-8859-16",
    "koi8-r": "koi8-r koi koi8 koi8_r cskoi8r", "koi8-u": "koi8-u koi8-ru", "mac-roman": "macintosh mac x-mac-roman",
    "mac-cyrillic": "x-mac-cyrillic x-mac-ukrainian", "gb18030": "gb18030 gbk gb2312 gb_2312 gb_2312-80 x-gbk chinese",
    "big5hkscs": "big5 big5-hkscs cn-big5 x-x-big5", "euc_jp": "euc-jp x-euc-jp",
    "iso2022_jp": "iso-2022-jp csiso2022jp",
    "cp932": "shift_jis shift-jis sjis x-sjis ms_kanji windows-31j",
    "cp949": "euc-kr ks_c_5601-1987 korean ksc5601 windows-949",
}
_BY_LABEL = {label: codec for codec, labels in _WEB.items() for label in labels.split()}
_BOMS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))
_IN_HEADER = re.compile(r"charset\s*=\s*[\"']?\s*([^\s\"';,]+)", re.IGNORECASE)
_IN_MARKUP = re.compile(rb"<\?xml[^>]{0,200}?encoding\s*=\s*[\"']\s*([\w.:-]+)"
                        rb"|<meta[^>]{0,300}?charset\s*=\s*[\"']?\s*([\w.:-]+)",
                        re.IGNORECASE)
_TAGS = re.compile(rb"<(script|style)\b.*?</\1\s*>|<[^>]*>", re.IGNORECASE | re.DOTALL)
_GUESSED = ["cp1251", "cp1252", "cp1256", "cp1254", "koi8-r", "cp1250", "cp1253", "cp1255", "gb18030", "cp932",
            "euc_jp", "cp949", "big5hkscs", "cp866", "iso8859-5"]
_SAMPLE = 6_000  # bytes of text that decide a guess


def decode(body: bytes, content_type: str | None = None) -> str:
    """The text of a page or feed. Never fails: what can't be decoded becomes U+FFFD."""
    for bom, codec in _BOMS:
        if body.startswith(bom):
            return body[len(bom):].decode(codec, "replace")
    declared = _declared(body, content_type)
    wide = _wide(body)
    if wide:
        return body.decode(wide, "replace")
    if "iso2022_jp" in declared and b"\x1b" in body:
        return body.decode("iso2022_jp", "replace")
    text = _as_utf8(body, "utf-8" in declared)
    if text is not None:
        return text
    for codec in declared:
        if codec.startswith("utf-"):
            continue
        text = body.decode(codec, "replace")
        if text.count("\ufffd") * 200 <= len(text) and not _looks_wrong(text):
            return text
    return body.decode(_guess(body) or (declared[0] if declared else "cp1252"), "replace")


def _declared(body: bytes, content_type: str | None) -> list[str]:
    """The codecs named by the header and by the markup, in this order."""
    labels = _IN_HEADER.findall(content_type or "")[:1]
    labels += [(xml or meta).decode("ascii", "replace") for xml, meta in _IN_MARKUP.findall(body[:4096])[:2]]
    codecs_ = [_BY_LABEL[label.lower()] for label in labels if label.lower() in _BY_LABEL]
    return list(dict.fromkeys(codecs_))


def _wide(body: bytes) -> str | None:
    """UTF-16 without a mark: every other byte of the beginning is NUL."""
    head = body[:64]
    if len(head) >= 8 and head[1::2].count(0) * 10 >= len(head[1::2]) * 8:
        return "utf-16-le"
    if len(head) >= 8 and head[0::2].count(0) * 10 >= len(head[0::2]) * 8:
        return "utf-16-be"
    return None


def _as_utf8(body: bytes, declared: bool) -> str | None:
    """The text when the bytes are UTF-8, whatever was declared: no other encoding looks like it by chance."""
    try:
        return body.decode("utf-8")
    except UnicodeDecodeError:
        text = body.decode("utf-8", "replace")
    bad, good = text.count("\ufffd"), sum(1 for char in text if char > "\x7f") - text.count("\ufffd")
    return text if bad * (5 if declared else 20) <= good else None  # a cut or a few foreign bytes, not another encoding


def _looks_wrong(text: str) -> bool:
    """Cyrillic or Arabic bytes read as Latin letters: in no Latin language are most letters accented."""
    accented = sum(1 for char in text if "\u00c0" <= char <= "\u00ff")
    ascii_letters = sum(1 for char in re.sub(r"<[^>]*>", "", text) if char.isascii() and char.isalpha())
    return accented > 20 and accented > ascii_letters


def _guess(body: bytes) -> str | None:
    from charset_normalizer import from_bytes  # noqa: PLC0415  only for bytes that lie: 30 ms to import

    sample = b" ".join(piece for piece in _TAGS.sub(b"\n", body).split(b"\n") if any(byte > 127 for byte in piece))
    best = from_bytes(sample[:_SAMPLE], cp_isolation=_GUESSED).best()
    return best.encoding if best else None
