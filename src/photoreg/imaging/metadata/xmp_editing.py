"""Change properties in an XMP packet and leave every other byte unchanged.

The packet is not serialised again: edits replace, remove or insert text in place. A property that
was an attribute stays one; other properties are not touched.
"""

import re
from collections.abc import Mapping, Sequence
from typing import Final

from photoreg.imaging.metadata.fields import PREFIXES, Field, XmpForm
from photoreg.imaging.metadata.splicing import Splice, apply_splices
from photoreg.imaging.metadata.xmp import (
    MALFORMED,
    NO_PROPERTIES,
    NOT_UNICODE,
    RDF,
    XML,
    Node,
    Packet,
    XmpError,
    field_texts,
    list_items,
    parse_packet,
    property_texts,
)

MAX_EDITED: Final = 1024 * 1024
"""The largest packet that is edited, in bytes."""

_EMPTY_PACKET: Final = (
    '<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>\n'
    '<x:xmpmeta xmlns:x="adobe:ns:meta/">\n'
    f' <rdf:RDF xmlns:rdf="{RDF}">\n'
    '  <rdf:Description rdf:about="">\n'
    "  </rdf:Description>\n"
    " </rdf:RDF>\n"
    "</x:xmpmeta>\n"
    '<?xpacket end="w"?>'
).encode()
_ATTRIBUTE: Final = re.compile(rb"""(?<=\s)([^\s=/>"']++)\s*+=\s*+("[^"]*+"|'[^']*+')""")
_PACKET_END: Final = b"<?xpacket end"
_LIST_TYPE_OF_STRUCTS: Final = {
    "Licensor": "Seq"
}  # PLUS orders licensors; IPTC's registries are a Bag


def _edit(start: int, end: int, new: str) -> Splice:
    return Splice(start, end, new.encode())


def edit_packet(raw: bytes, wanted: Mapping[Field, Sequence[str]]) -> bytes:
    """Return the packet with these values; unchanged if it has them already.

    An empty `raw` creates a new packet. Raises XmpError when the packet cannot be parsed.
    """
    first = packet = parse_packet(raw or _EMPTY_PACKET, MAX_EDITED)
    if packet.encoding == "cp1252":
        raise XmpError(NOT_UNICODE)
    # Edits of different properties do not overlap and are applied together, unless the first
    # insertion must first give the rdf:Description an end tag.
    steps = [wanted] if _has_room(packet) else [{field: wanted[field]} for field in wanted]
    for step in steps:
        edits = [edit for field, texts in step.items() for edit in _edits(packet, field, texts)]
        packet = parse_packet(apply_splices(packet.raw, edits)) if edits else packet
    if packet is first:
        return raw
    before, _, after = (raw or _EMPTY_PACKET).decode(first.encoding).partition(first.raw.decode())
    return (before + packet.raw.decode() + after).encode(first.encoding)


def _has_room(packet: Packet) -> bool:
    """Whether the first rdf:Description has an end tag, before which properties are inserted."""
    return any(first.inside_end != first.end for first in packet.descriptions[:1])


def without_padding(raw: bytes) -> bytes:
    """Return a UTF-8 packet without the padding that programs leave for later edits."""
    content, end, rest = raw.rpartition(_PACKET_END)
    return content.rstrip() + b"\n" + end + rest if end else raw


def _edits(packet: Packet, field: Field, texts: Sequence[str]) -> list[Splice]:
    """Return the edits for one field; none if it has the value already."""
    tag = field.xmp
    holders = [d for d in packet.descriptions if tag.key in d.attributes]
    nodes = [(d, c) for d in packet.descriptions for c in d.children if c.name == tag.key]
    if len(holders) + len(nodes) == 1:
        present = holders[0].attributes[tag.key] if holders else nodes[0][1]
        if _has_value(present, field, texts):
            return []
    if len(nodes) == 1 and not holders and tag.form in {XmpForm.ALT, XmpForm.STRUCTS}:
        return [_list_edit(*nodes[0], field, texts)]
    if holders and tag.form is XmpForm.TEXT:
        edits = [_attribute_edit(packet, holders[0], tag.key, texts[0])]
        edits += [_attribute_edit(packet, d, tag.key, None) for d in holders[1:]]
        return edits + [_edit(n.start, n.end, "") for _, n in nodes]
    edits = [_attribute_edit(packet, d, tag.key, None) for d in holders]
    edits += [_edit(n.start, n.end, "") for _, n in nodes[1:]]
    if nodes:
        holder, node = nodes[0]
        return [*edits, _edit(node.start, node.end, _element(field, texts, holder.prefixes))]
    return [*edits, _insertion(packet, field, texts)]


def _has_value(present: Node | str, field: Field, texts: Sequence[str]) -> bool:
    """Whether a property has this value."""
    tag = field.xmp
    if tag.form is XmpForm.STRUCTS:
        items = [] if isinstance(present, str) else list_items(present) or [present]
        parts = [(tag.key_of(part), text) for part, text in zip(tag.parts, texts, strict=True)]
        return any(
            all(text in field_texts(item, key) for key, text in parts if text) for item in items
        )
    found, wanted = property_texts(present), list(texts)
    return found[:1] == wanted if tag.form is XmpForm.ALT else found == wanted


def _list_edit(holder: Node, node: Node, field: Field, texts: Sequence[str]) -> Splice:
    """Replace or add one item of an array and leave the others unchanged.

    Of a language alternative the default item is replaced; of structures, our own.
    """
    tag = field.xmp
    items = list_items(node) or []
    if not items:
        return _edit(node.start, node.end, _element(field, texts, holder.prefixes))
    if tag.form is XmpForm.ALT:
        language = f"{{{XML}}}lang"
        old = min(items, key=lambda item: item.attributes.get(language) != "x-default")
        return _edit(old.start, old.end, _item(field, texts, node.prefixes))
    ours = [item for item in items if texts[0] in field_texts(item, tag.key_of(tag.parts[0]))]
    if ours:
        return _field_edit(ours[0], field, texts, node.prefixes)
    return _edit(items[-1].end, items[-1].end, _item(field, texts, node.prefixes))


def _field_edit(
    item: Node, field: Field, texts: Sequence[str], prefixes: Mapping[str, str]
) -> Splice:
    """Replace our structure in an array, or only the field that differs if it has other fields."""
    tag = field.xmp
    inner = [c for c in item.children if c.name == f"{{{RDF}}}Description"]
    holder = inner[0] if inner else item
    ours = {tag.key_of(part) for part in tag.parts}
    rdf_attributes = {f"{{{RDF}}}parseType", f"{{{RDF}}}about", f"{{{RDF}}}nodeID"}
    present = {*item.attributes, *holder.attributes, *(child.name for child in holder.children)}
    if present - rdf_attributes <= ours | {f"{{{RDF}}}Description"}:
        return _edit(item.start, item.end, _item(field, texts, prefixes))
    part, text = next(
        (part, text)
        for part, text in zip(tag.parts, texts, strict=True)
        if text and text not in field_texts(item, tag.key_of(part))
    )
    new = _field_element(field, part, text, holder.prefixes)
    for child in holder.children:
        if child.name == tag.key_of(part):
            return _edit(child.start, child.end, new)
    if tag.key_of(part) in holder.attributes or holder.inside_end == holder.end:
        raise XmpError(MALFORMED, holder.start)
    return _edit(holder.inside_end, holder.inside_end, new)


def _field_element(field: Field, part: str, text: str, prefixes: Mapping[str, str]) -> str:
    """Return a field of a structure as an element."""
    name = _prefixed(field.xmp.namespace, part, prefixes)
    declared = _declaration(name, field.xmp.namespace, prefixes)
    return f"<{name}{declared}>{_escaped(text)}</{name}>"


def _insertion(packet: Packet, field: Field, texts: Sequence[str]) -> Splice:
    """Insert a new property into the first rdf:Description."""
    rdf = packet.rdf
    if not packet.descriptions:
        if rdf.inside_end == rdf.end:
            raise XmpError(NO_PROPERTIES)
        name = _prefixed(RDF, "Description", rdf.prefixes)
        prefix = name.split(":", maxsplit=1)[0]
        inner = _element(field, texts, rdf.prefixes)
        whole = f'<{name} {prefix}:about="">{inner}</{name}>'
        return _edit(rdf.inside_end, rdf.inside_end, whole)
    holder = packet.descriptions[0]
    new = f"  {_element(field, texts, holder.prefixes)}\n"
    if holder.inside_end != holder.end:
        return _edit(holder.inside_end, holder.inside_end, new)
    tag = packet.raw[holder.start : holder.end]
    name = tag[1:].split(maxsplit=1)[0].rstrip(b"/>").decode()
    return _edit(holder.end - 2, holder.end, f">\n{new}</{name}>")


def _attribute_edit(packet: Packet, holder: Node, key: str, text: str | None) -> Splice:
    """Replace the value of an attribute, or remove the attribute if `text` is None."""
    tag = packet.raw[holder.start : holder.inside]
    namespace, name = key[1:].split("}")
    names = {f"{p}:{name}".encode() for p, uri in holder.prefixes.items() if uri == namespace}
    for found in _ATTRIBUTE.finditer(tag):
        if found[1] in names:
            start, end = holder.start + found.start(), holder.start + found.end()
            if text is None:
                return _edit(start, end, "")
            quote = chr(found[2][0])
            value = _escaped(text, quote)
            return _edit(holder.start + found.start(2), end, f"{quote}{value}{quote}")
    raise XmpError(MALFORMED, holder.start)


def _element(field: Field, texts: Sequence[str], prefixes: Mapping[str, str]) -> str:
    """Return a property as an element that declares the prefixes not yet in scope."""
    tag = field.xmp
    name = _prefixed(tag.namespace, tag.name, prefixes)
    declared = _declaration(name, tag.namespace, prefixes)
    if tag.form is XmpForm.TEXT:
        return f"<{name}{declared}>{_escaped(texts[0])}</{name}>"
    known = {**prefixes, name.split(":", maxsplit=1)[0]: tag.namespace}
    is_one = tag.form is XmpForm.STRUCTS
    kind = _prefixed(
        RDF, _LIST_TYPE_OF_STRUCTS.get(tag.name, "Bag") if is_one else str(tag.form), known
    )
    entries = [texts] if is_one else [[text] for text in texts]
    items = "".join(_item(field, entry, known) for entry in entries)
    return f"<{name}{declared}><{kind}>{items}</{kind}></{name}>"


def _item(field: Field, texts: Sequence[str], prefixes: Mapping[str, str]) -> str:
    """Return one item of an array; of structures, with all fields."""
    tag = field.xmp
    name = _prefixed(RDF, "li", prefixes)
    if tag.form is XmpForm.ALT:
        return f'<{name} xml:lang="x-default">{_escaped(texts[0])}</{name}>'
    if tag.form is not XmpForm.STRUCTS:
        return f"<{name}>{_escaped(texts[0])}</{name}>"
    first = _prefixed(tag.namespace, tag.parts[0], prefixes)
    declared = _declaration(first, tag.namespace, prefixes)
    known = {**prefixes, first.split(":", maxsplit=1)[0]: tag.namespace}
    parts = "".join(
        _field_element(field, part, text, known)
        for part, text in zip(tag.parts, texts, strict=True)
        if text
    )
    rdf = name.split(":", maxsplit=1)[0]
    return f'<{name}{declared} {rdf}:parseType="Resource">{parts}</{name}>'


def _escaped(text: str, quote: str = "") -> str:
    """Escape a text for XML; xml.sax.saxutils would import urllib."""
    for letter, entity in (("&", "amp"), ("<", "lt"), (">", "gt"), ('"', "quot"), ("'", "apos")):
        if letter == quote or letter in "&<>":
            text = text.replace(letter, f"&{entity};")
    return text


def _prefixed(namespace: str, name: str, prefixes: Mapping[str, str]) -> str:
    usual = PREFIXES.get(namespace, "rdf")
    known = [p for p, uri in prefixes.items() if uri == namespace and p]
    return f"{usual if usual in known else next(iter(known), usual)}:{name}"


def _declaration(name: str, namespace: str, prefixes: Mapping[str, str]) -> str:
    prefix = name.split(":", maxsplit=1)[0]
    return "" if prefixes.get(prefix) == namespace else f' xmlns:{prefix}="{namespace}"'
