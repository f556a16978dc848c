"""What `messango doctor FILE.link` looks for, from the file of a linked room."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from messango.doctor.checks.engine_probe import EngineTarget
from messango.doctor.checks.link import CHECK, check_link_file
from messango.doctor.findings import Finding, Severity
from messango.link.extra import is_link_installed
from messango.link.link_file import LinkFile, exposure_warning, read_link_file
from messango.link.nats.names import link_names
from messango.transport.addresses import parse_address
from messango.transport.link_tls import link_context


def link_findings(path: Path) -> Iterator[Finding]:
    """Return what is wrong with the file, or with the way to the engine; raises `LinkUnusable`."""
    link_file = read_link_file(path)
    return _findings(path, link_file)


def _findings(path: Path, link_file: LinkFile) -> Iterator[Finding]:
    if warning := exposure_warning(path):
        sentence, _, remedy = warning.partition(" Run: ")
        yield Finding(CHECK, Severity.WARNING, sentence, f"Run: {remedy}")
    if not is_link_installed():
        yield Finding(
            CHECK,
            Severity.WARNING,
            "This computer can't be one of the room's servers without Messango's extra “link”.",
            'Install it with pip install "messango[link]".',
        )
    try:
        yield from check_link_file(_target(link_file))
    except ValueError as error:
        remedy = "Copy it again from the computer where it was written."
        yield Finding(CHECK, Severity.PROBLEM, f"The file {path} can't be used: {error}.", remedy)


def _target(link_file: LinkFile) -> EngineTarget:
    """Return what to look for; raises `ValueError` if a key is damaged."""
    context = (
        link_context(link_file.ca, link_file.certificate, link_file.key) if link_file.encrypted else None
    )
    return EngineTarget(
        [parse_address(server) for server in link_file.servers],
        link_names(link_file.link).stream,
        context,
        link_file.tls_name,
        link_file.user,
        link_file.password,
    )
