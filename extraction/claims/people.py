"""Named people with a public role who act or speak, and names of minors, which are never taken as either."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from extraction.claims import minors, uncased
from extraction.claims.lexicon import Hit, Lexicon
from extraction.claims.names import Name, clean, names
from extraction.claims.sentences import Sentence
from extraction.claims.spelling import shown
from extraction.claims.tokens import fold
from records.claims import Evidence, Official, Speaker

PARTY = (2, 6)  # letters of a party's or office's short name


def role_of(name: Name, lex: Lexicon) -> str | None:
    """The role beside a name: before it, or behind it after a comma."""
    sentence, end = name.sentence, name.end
    if lex.raw.get("people", {}).get("uncased", False):
        role = uncased.role_beside(sentence, name.start, name.end)
        return sentence.written(role.start, role.end) if role else None
    if (
        end + 1 < len(sentence.tokens)
        and sentence.tokens[end].number is not None
        and "," in sentence.tokens[end + 1].gap
    ):
        end += 1  # "X, 34, a lawyer"
    best: Hit | None = None
    rebels = {hit.end for hit in sentence.having("daesh")}
    for hit in sentence.having("role"):
        if hit.start in rebels:
            continue  # "ISIS chief"
        gap = name.start - hit.end
        if (
            2 < gap <= 8
            and "," in sentence.tokens[name.start].gap
            and not any(mark in sentence.tokens[i].gap for i in range(hit.end, name.start) for mark in ",;")
        ):
            best = hit  # "the foreign minister of the Kurdish administration, X"
        if 0 <= gap <= 2 and not any(
            ";" in sentence.tokens[i].gap or ")" in sentence.tokens[i].gap for i in range(hit.end, name.start + 1)
        ):
            between = range(hit.end, name.start)
            if all(
                any(h.start <= t < h.end and h.tag in {"title", "word", "org"} for h in sentence.hits) for t in between
            ):
                best = hit
        if (
            best is None
            and 0 <= hit.start - end <= 6
            and "," in sentence.tokens[end].gap
            and not any(
                ";" in sentence.tokens[i].gap or "," in sentence.tokens[i].gap for i in range(end + 1, hit.start + 1)
            )
        ):
            best = hit
    if best is None:
        return None
    return sentence.text[
        sentence.tokens[best.start].start - sentence.start : sentence.tokens[best.end - 1].end - sentence.start
    ]


def speaks(name: Name) -> bool:
    """Whether a word of saying stands beside the name."""
    sentence = name.sentence
    for hit in sentence.valued("word", "say"):
        before = name.start - hit.end
        after = hit.start - name.end
        if 0 <= before <= 1 and not any(sentence.tokens[i].gap.strip(" .") for i in range(hit.end, name.start + 1)):
            return True
        if 0 <= after <= 1 and not any(sentence.tokens[i].gap.strip(' "”,') for i in range(name.end, hit.start + 1)):
            return True
    for org in sentence.having("org"):  # "X of Save the Children"
        if 1 <= org.start - name.end <= 2 and any(
            hit.start == name.end and hit.value in {"of", "from"} for hit in sentence.having("word")
        ):
            return True
    return False


def alone(sentence: Sentence, lex: Lexicon) -> Iterator[Hit]:
    """People known by their surname alone, where they speak, bear a role or open a headline."""
    full = [*sentence.having("person"), *sentence.having("place"), *sentence.having("org")]
    for hit in sentence.having("alone"):
        capital = sentence.tokens[hit.start].text[0].isupper() or lex.raw.get("people", {}).get("uncased", False)
        if not capital or any(other.start < hit.end and hit.start < other.end for other in full):
            continue
        name = Name(sentence, hit.start, hit.end, sentence.written(hit.start, hit.end), whole=False)
        opens = sentence.part == "title" and hit.start == 0
        if opens or speaks(name) or role_of(name, lex):
            yield hit


def take_known(sentence: Sentence, lex: Lexicon, found: dict[str, Found]) -> None:
    """Take in the people of a sentence who are known by name."""
    for hit in (*sentence.having("person"), *alone(sentence, lex)):
        known = found.setdefault(surname(hit.value), Found(Official(name=hit.value), []))
        known.where.append((sentence, hit.start, hit.end))


def tells(sentence: Sentence) -> bool:
    """Whether a sentence may name somebody who speaks or bears a role."""
    if sentence.having("role") or sentence.having("org") or sentence.says("word", "say"):
        return True
    return "(" in sentence.text or bool(sentence.having("person"))


def partied(name: Name) -> bool:
    """ "Armin Schuster (CDU)": a party or office in brackets behind a name."""
    sentence, at = name.sentence, name.end
    if at >= len(sentence.tokens) or sentence.tokens[at].gap.strip() != "(" or sentence.tagged(at, "daesh", "num"):
        return False
    written = sentence.tokens[at].text
    closed = at + 1 == len(sentence.tokens) or sentence.tokens[at + 1].gap[:1] == ")"
    return closed and written.isupper() and PARTY[0] <= len(written) <= PARTY[1]


def beside_official(name: Name, found: Mapping[str, Found]) -> bool:
    """ "Ferd Grapperhaus and Sigrid Kaag said": one of two names is an official's."""
    sentence = name.sentence
    if not name.whole:
        return False
    for person in found.values():
        for where, start, end in person.where:
            joined = (name.end, start) if name.end < start else (end, name.start)
            if where is sentence and joined[1] - joined[0] == 1 and sentence.word(joined[0], "and"):
                return True
    return False


def org_text(sentence: Sentence, hit: Hit) -> str:
    """An institution as written, with the demonym before it."""
    start = hit.start
    if any(other.end == start for other in sentence.having("nation")):
        start = max(other.start for other in sentence.having("nation") if other.end == start)
    first, last = sentence.tokens[start], sentence.tokens[hit.end - 1]
    return clean(sentence.text[first.start - sentence.start : last.end - sentence.start])


def organisation_of(name: Name, earlier: Sequence[str]) -> str | None:
    """The institution named beside a person; "the ministry's spokesman" is of the ministry named last."""
    sentence = name.sentence

    def gap(hit: Hit) -> int:
        return min(abs(hit.start - name.end), abs(name.start - hit.end))

    near = min(sentence.having("org"), key=gap, default=None)
    if near is not None and gap(near) <= 6:
        return org_text(sentence, near)
    generic = next((hit for hit in sentence.having("generic_org") if gap(hit) <= 4), None)
    if generic is None:
        return None
    head = sentence.tokens[generic.start].key
    return next((org for org in reversed(earlier) if head in org.casefold()), None)


def surname(name: str) -> str:
    return fold(name.replace("-", " ").split()[-1])


@dataclass(slots=True)
class Found:
    official: Official
    where: list[tuple[Sentence, int, int]]


def find(sentences: Sequence[Sentence], lex: Lexicon) -> tuple[list[Found], list[Evidence]]:
    """(officials with where they are named, names of minors)."""
    found: dict[str, Found] = {}
    found_minors: list[Evidence] = []
    orgs: list[str] = []
    given: set[str] = set()  # first names of minors
    for sentence in sentences:
        found_minors.extend(minors.find(sentence))
        if sentence.part not in {"title", "body"}:
            continue
        take_known(sentence, lex, found)
        if sentence.part != "body":
            continue
        young = minors.spans(sentence)
        given |= {sentence.tokens[start].text for start, _ in young}
        for name in names(sentence, lex) if tells(sentence) else ():
            if any(hit.start < name.end and name.start < hit.end for hit in sentence.having("person")):
                continue
            if any(start < name.end and name.start < end for start, end in young):
                continue
            role = role_of(name, lex)
            key = surname(name.text)
            if key in found:
                known = found[key]
                known.where.append((sentence, name.start, name.end))
                if known.official.role is None and role:
                    known.official = Official(
                        name=known.official.name,
                        role=role,
                        organisation=known.official.organisation or organisation_of(name, orgs),
                    )
                continue
            theirs = speaks(name) or partied(name) or beside_official(name, found)
            if role or (name.whole and theirs and not any(part in given for part in name.text.split())):
                found[key] = Found(
                    Official(
                        name=shown(name.text),
                        role=role,
                        organisation=organisation_of(name, orgs),
                    ),
                    [(sentence, name.start, name.end)],
                )
        orgs.extend(org_text(sentence, hit) for hit in sentence.having("org"))
    for sentence in sentences if found else ():  # later mentions by surname alone
        for at, token in enumerate(sentence.tokens):
            known_name = found.get(token.key)
            if known_name and not any(s is sentence for s, _, _ in known_name.where):
                known_name.where.append((sentence, at, at + 1))
    return list(found.values()), found_minors


def speaker_of(sentence: Sentence, officials: Sequence[Found]) -> Speaker | None:
    """Who says what a sentence says: a named official in it, else the institution beside a word of saying."""
    says = sentence.valued("word", "say")
    for person in officials:
        if any(s is sentence for s, _, _ in person.where) and says:
            return Speaker(
                name=person.official.name, role=person.official.role, organisation=person.official.organisation
            )
    for hit in says:
        for org in sentence.having("org"):
            if org.start >= hit.end and sentence.word(hit.start, "tell"):
                continue  # "a source told AFP": the agency was told
            if min(abs(org.start - hit.end), abs(hit.start - org.end)) <= 3:
                return Speaker(name=None, organisation=org_text(sentence, org))
    return None
