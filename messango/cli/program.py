"""The program around the commands: its standard streams, its signals, and what no command handles."""

from __future__ import annotations

import errno
import os
import stat
import sys

import click

from messango.cli.main import abort_status, main
from messango.cli.standard_streams import flush_output, open_standard_streams, output_error, write_error
from messango.signals import interrupted_status, raise_on_stop_signals


def run() -> int:
    """Run the command that the arguments name, and return the exit status.

    Whatever a person or an administrator can cause ends with a sentence, not with a traceback.
    """
    open_standard_streams()
    # With `umask 0777` nobody could read what we write, not even we.
    os.umask(os.umask(0) & ~stat.S_IRWXU)
    end_raising = raise_on_stop_signals()
    try:
        status = _run_command()
        # An error that the command has handled does not count.
        output_failure = flush_output()
        status = status or _output_status(output_failure)
    except KeyboardInterrupt as stop:
        status = interrupted_status(stop) or 1
    end_raising()
    sys.stderr.flush()
    return status


def _run_command() -> int:
    try:
        # Without `standalone_mode` click leaves the exit status to us.
        return int(main.main(prog_name="messango", standalone_mode=False) or 0)
    except click.ClickException as error:
        error.show()
        return error.exit_code
    except click.Abort as error:
        return abort_status(error)
    except SystemExit as end:
        return end.code if isinstance(end.code, int) else int(end.code is not None)
    except OSError as error:
        if (failure := flush_output() or output_error()) is not None:
            return _output_status(failure) or 1
        where = f": {error.filename}" if error.filename is not None else ""
        write_error(f"The system refused something that Messango needs ({error.strerror or error}{where}).")
        return 1


def _output_status(failure: OSError | None) -> int:
    """Say that the output can't be written, and return the exit status."""
    # A terminal that is gone needs no sentence, nor does a reader that has read enough.
    if failure is None or failure.errno == errno.EIO:
        return 0
    if failure.errno != errno.EPIPE:
        write_error(f"The output can't be written ({failure.strerror}).")
    return 1
