"""Cuts the interface facts the simulator needs out of Proxmox VE's own API description.

usage: extract.py apidata.json.gz endpoints.txt > api-schema.json

Kept: names, types, bounds, patterns, formats, permissions. Dropped: every text meant for people.
"""

import gzip
import json
import sys

KEPT = {
    "type", "optional", "format", "enum", "minimum", "maximum", "pattern",
    "minLength", "maxLength", "default_key", "alias", "keyAlias", "requires", "items",
}


def property_schema(schema):
    kept = {}
    for key, value in schema.items():
        if key not in KEPT:
            continue
        if key == "format" and isinstance(value, dict):
            value = {name: property_schema(inner) for name, inner in value.items()}
        elif key == "items":
            value = property_schema(value)
        elif key in ("minimum", "maximum"):
            value = float(value)
        kept[key] = value
    return kept


def permissions(rules):
    return {key: rules[key] for key in ("check", "user") if key in rules} if rules else {}


def methods(nodes):
    for node in nodes:
        for verb, method in node.get("info", {}).items():
            yield f"{verb} {node['path']}", method
        yield from methods(node.get("children", []))


def main(source, wanted_file):
    with gzip.open(source) as file:
        known = dict(methods(json.load(file)))
    with open(wanted_file) as file:
        wanted = file.read().split("\n")
    result = {}
    for name in filter(None, wanted):
        method = known[name]
        result[name] = {
            "parameters": {
                key: property_schema(value)
                for key, value in sorted(method["parameters"].get("properties", {}).items())
            },
            "permissions": permissions(method.get("permissions")),
            "token": method.get("allowtoken", 1) == 1,
        }
    lines = (f"{json.dumps(key)}: {json.dumps(value)}" for key, value in sorted(result.items()))
    print("{\n" + ",\n".join(lines) + "\n}")


main(sys.argv[1], sys.argv[2])
