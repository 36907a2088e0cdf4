"""Parse XMP packets (ISO 16684-1) into properties with their positions in the packet.

Packets are untrusted XML: document types are refused; size, depth and number of elements are
limited. A property may be an attribute or an element, in any of several rdf:Descriptions, under
any prefix; positions are recorded so that an edit leaves everything else unchanged.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final, NoReturn
from xml.parsers import expat

from photoreg.texts import N_

RDF: Final = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
XML: Final = "http://www.w3.org/XML/1998/namespace"
_SYNTAX: Final = (f"{{{RDF}}}", f"{{{XML}}}")
"""How the names of attributes begin that are no properties."""

MAX_PACKET: Final = 4 * 1024 * 1024
"""The largest packet that is read, in bytes; genuine ones reach 1 MB with a long edit history."""

MAX_ELEMENTS: Final = 30_000
MAX_DEPTH: Final = 64

_BYTE_ORDER_MARKS: Final = (
    (b"\xff\xfe\0\0", "utf-32-le"),
    (b"\0\0\xfe\xff", "utf-32-be"),
    (b"\xef\xbb\xbf", "utf-8"),
    (b"\xff\xfe", "utf-16-le"),
    (b"\xfe\xff", "utf-16-be"),
    # A packet without a byte order mark begins with "<" and an ASCII character.
    (b"<\0\0\0", "utf-32-le"),
    (b"\0\0\0<", "utf-32-be"),
    (b"<\0", "utf-16-le"),
    (b"\0<", "utf-16-be"),
)

MALFORMED: Final = N_("{file}: its XMP data is not well formed, at byte {offset}")
NOT_UNICODE: Final = N_("{file}: its XMP data is not Unicode text, at byte {offset}")
NO_PROPERTIES: Final = N_("{file}: its XMP data contains nothing readable")

_TAG: Final = re.compile(rb"""<(?:[^>"']++|"[^"]*+"|'[^']*+')*+>""")


class XmpError(ValueError):
    """A packet that is malformed or exceeds a limit: a message, and the offset of the error."""

    def __init__(self, message: str, offset: int = 0) -> None:
        super().__init__(message)
        self.message, self.offset = message, max(offset, 0)


@dataclass(slots=True)
class Node:
    """An element and its position in the packet, in bytes.

    `start` to `inside` is the start tag, `inside_end` to `end` the end tag; of an empty-element
    tag `inside`, `inside_end` and `end` are equal. Only edits need the ends of tags.
    """

    name: str
    attributes: Mapping[str, str]
    prefixes: Mapping[str, str]
    packet: bytes
    start: int
    end_tag: int = 0
    """Where the end tag begins, if there is one."""
    texts: list[str] = field(default_factory=list)
    children: list["Node"] = field(default_factory=list)

    @property
    def text(self) -> str:
        """The text between the tags."""
        return "".join(self.texts)

    @property
    def inside(self) -> int:
        """The offset after the start tag."""
        return self._after_tag(self.start)

    @property
    def inside_end(self) -> int:
        """The offset of the end tag."""
        return self.inside if self._is_empty else self.end_tag

    @property
    def end(self) -> int:
        """The offset after the end tag."""
        return self.inside if self._is_empty else self._after_tag(self.end_tag)

    @property
    def _is_empty(self) -> bool:
        return self.packet.endswith(b"/>", self.start, self.inside)

    def _after_tag(self, place: int) -> int:
        found = _TAG.match(self.packet, place)
        return found.end() if found else len(self.packet)


@dataclass(frozen=True, slots=True)
class Packet:
    """A parsed packet: its text as UTF-8, its original encoding, its root element."""

    raw: bytes
    encoding: str
    root: Node

    @property
    def rdf(self) -> Node:
        """The element rdf:RDF."""
        return next(node for node in _descendants(self.root) if node.name == f"{{{RDF}}}RDF")

    @property
    def descriptions(self) -> list[Node]:
        """The rdf:Description elements, which hold the properties."""
        return [n for n in self.rdf.children if n.name == f"{{{RDF}}}Description"]

    def properties(self) -> Iterator[tuple[str, Node | str]]:
        """Yield name and value of each property: an element, or the text of an attribute."""
        for description in self.descriptions:
            for name, value in description.attributes.items():
                if not name.startswith(_SYNTAX):
                    yield name, value
            for child in description.children:
                yield child.name, child


def parse_packet(raw: bytes, limit: int = MAX_PACKET) -> Packet:
    """Parse a packet. Raises XmpError when it is malformed, holds no RDF or is too large."""
    if len(raw) > limit:
        raise XmpError(N_("{file}: its XMP data is too large"), limit)
    text, encoding = _decode(raw)
    packet = text.encode()
    root = _parse_tree(packet)
    found = Packet(packet, encoding, root)
    if not any(node.name == f"{{{RDF}}}RDF" for node in _descendants(root)):
        raise XmpError(NO_PROPERTIES)
    return found


def _decode(raw: bytes) -> tuple[str, str]:
    """Return the text of a packet without surrounding padding, and its encoding."""
    encoding = next((name for mark, name in _BYTE_ORDER_MARKS if raw.startswith(mark)), "utf-8")
    try:
        text = raw.decode(encoding)
    except UnicodeDecodeError as error:
        if encoding != "utf-8":
            raise XmpError(NOT_UNICODE, error.start) from error
        text = raw.decode("cp1252", errors="replace")
        encoding = "cp1252"
    return text.strip("\ufeff\0 \t\r\n"), encoding


def _parse_tree(packet: bytes) -> Node:
    builder = _Builder(packet)
    try:
        builder.parser.Parse(packet, True)
    except expat.ExpatError as error:
        raise XmpError(MALFORMED, builder.parser.ErrorByteIndex) from error
    return builder.root


class _Builder:
    """The handlers of a parser that build nodes with their positions."""

    def __init__(self, packet: bytes) -> None:
        self.parser = expat.ParserCreate("utf-8", "}")  # whatever encoding the packet declares
        self.parser.buffer_text = True
        self.parser.StartDoctypeDeclHandler = self._doctype
        self.parser.StartNamespaceDeclHandler = self._namespace
        self.parser.StartElementHandler = self._start
        self.parser.CharacterDataHandler = self._text
        self.parser.EndElementHandler = self._end
        self._packet = packet
        self._document = Node("", {}, {}, packet, 0)
        self._open = [self._document]
        self._declared: dict[str, str] = {}
        self._count = 0

    @property
    def root(self) -> Node:
        """The root element, once the packet is parsed."""
        return self._document.children[0]

    def _doctype(self, *_declared: object) -> NoReturn:
        raise XmpError(N_("{file}: its XMP data contains a document type, which is not allowed"))

    def _namespace(self, prefix: str | None, uri: str | None) -> None:
        """Handle a namespace declaration of the next element."""
        self._declared[prefix or ""] = uri or ""

    def _start(self, name: str, attributes: Mapping[str, str]) -> None:
        place = self.parser.CurrentByteIndex
        self._count += 1 + len(attributes)
        if self._count > MAX_ELEMENTS or len(self._open) > MAX_DEPTH:
            raise XmpError(N_("{file}: its XMP data has too many parts, at byte {offset}"), place)
        around = self._open[-1]
        prefixes = around.prefixes
        if self._declared:  # most elements declare nothing: they share the mapping
            prefixes = {**prefixes, **self._declared}
            self._declared = {}
        named = {_expanded(key): value for key, value in attributes.items()}
        node = Node(_expanded(name), named, prefixes, self._packet, place)
        around.children.append(node)
        self._open.append(node)

    def _text(self, text: str) -> None:
        self._open[-1].texts.append(text)

    def _end(self, _name: str) -> None:
        self._open.pop().end_tag = self.parser.CurrentByteIndex


def _expanded(name: str) -> str:
    """Return a name of a namespace with the braces around it, of which expat sets the second."""
    return f"{{{name}" if "}" in name else name


def _descendants(node: Node) -> Iterator[Node]:
    yield node
    for child in node.children:
        yield from _descendants(child)


def property_texts(value: Node | str) -> list[str]:
    """Return the texts of a property: its own, or those of its array, x-default first."""
    if isinstance(value, str):
        return [value]
    items = list_items(value)
    if items is None:
        return [_node_text(value)]
    language = f"{{{XML}}}lang"
    ordered = sorted(items, key=lambda item: item.attributes.get(language) != "x-default")
    return [_node_text(item) for item in ordered]


def list_items(node: Node) -> list[Node] | None:
    """Return the items of an array (Seq, Bag, Alt), or None if the property is no array."""
    for child in node.children:
        if child.name in {f"{{{RDF}}}Seq", f"{{{RDF}}}Bag", f"{{{RDF}}}Alt"}:
            return [item for item in child.children if item.name == f"{{{RDF}}}li"]
    return None


def field_texts(value: Node | str, part: str) -> list[str]:
    """Return the texts of one field of a structure, or of each structure in an array."""
    if isinstance(value, str):
        return []
    items = list_items(value)
    found = []
    for item in [value] if items is None else items:
        inner = [c for c in item.children if c.name == f"{{{RDF}}}Description"]
        for holder in (item, *inner):
            if part in holder.attributes:
                found.append(holder.attributes[part])
            found += [t for c in holder.children if c.name == part for t in property_texts(c)]
    return found


def _node_text(node: Node) -> str:
    resource = node.attributes.get(f"{{{RDF}}}resource")
    if resource is not None:
        return resource
    for child in node.children:  # a value with qualifiers is in rdf:value
        if child.name == f"{{{RDF}}}value":
            return child.text
        if child.name == f"{{{RDF}}}Description":
            return _node_text(child)
    return node.text or node.attributes.get(f"{{{RDF}}}value", "")
