"""`messango doctor`: why no room appears."""

from __future__ import annotations

import sys

import click

from messango.cli.options import json_option, use_color


@click.command()
@json_option("Print one JSON array of findings.")
def doctor(*, as_json: bool) -> None:
    """Find out why no room appears, and what to do about it.

    Example: messango doctor
    """
    from messango.doctor.report import run_doctor

    sys.exit(run_doctor(sys.stdout, as_json=as_json, color=use_color()))
