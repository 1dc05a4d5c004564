"""RDF/XML of a graph without blank nodes: one element a thing, in a steady order.

rdflib's own writer is three times slower and orders by the hash of the process: two workers
would give two entity tags to the same catalogue.
"""

from collections.abc import Mapping

from lxml import etree
from rdflib import RDF, XMLNS, Graph, Literal, URIRef


def write(graph: Graph, prefissi: Mapping[str, object], first: str) -> bytes:
    """Write a graph; a thing is named after its type in namespace ``first``, if it has one."""
    namespaces = {prefix: str(uri) for prefix, uri in prefissi.items() if prefix != "xml"}
    root = etree.Element(_rdf("RDF"), nsmap=namespaces)
    for subject in sorted(set(graph.subjects()), key=str):
        types = sorted(
            graph.objects(subject, RDF.type), key=lambda t: (not str(t).startswith(first), str(t))
        )
        name = _tag(types[0]) if types else _rdf("Description")
        node = etree.SubElement(root, name, {_rdf("about"): str(subject)})
        for kind in types[1:]:
            etree.SubElement(node, _tag(RDF.type), {_rdf("resource"): str(kind)})
        said = [(p, o) for p, o in graph.predicate_objects(subject) if p != RDF.type]
        for predicate, value in sorted(said, key=lambda each: (str(each[0]), each[1].n3())):
            _property(etree.SubElement(node, _tag(predicate)), value)
    return etree.tostring(root, encoding="utf-8", xml_declaration=True, pretty_print=True)


def _property(element: etree._Element, value: object) -> None:
    if isinstance(value, URIRef):
        element.set(_rdf("resource"), str(value))
    elif isinstance(value, Literal):
        element.text = str(value)
        if value.language:
            element.set(f"{{{XMLNS}}}lang", value.language)
        elif value.datatype:
            element.set(_rdf("datatype"), str(value.datatype))
    else:
        raise TypeError("a graph with blank nodes cannot be written in a steady order")


def _rdf(name: str) -> str:
    return f"{{{RDF}}}{name}"


def _tag(name: object) -> str:
    """Return a name of RDF as lxml writes it.

    >>> _tag(RDF.type)
    '{http://www.w3.org/1999/02/22-rdf-syntax-ns#}type'
    """
    text = str(name)
    cut = max(text.rfind("#"), text.rfind("/")) + 1
    return f"{{{text[:cut]}}}{text[cut:]}"
