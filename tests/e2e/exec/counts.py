"""A program that writes down each signal as it comes. Arguments: log file, `self` or `parent`, perhaps `kill-0` or `kill-parent`."""
import os, signal, sys

NAMES = {getattr(signal, "SIG" + name.upper()): name for name in ("hup", "int", "term", "usr1", "cont")}
signal.pthread_sigmask(signal.SIG_BLOCK, NAMES)
log = os.open(sys.argv[1], os.O_WRONLY | os.O_APPEND)


def tell(event, more=""):
    os.write(log, event.encode() + b"\n")
    try:
        os.write(1, b"<%s%s>" % (event.encode(), more.encode()))
    except OSError:
        pass


tell("ready", " %d" % (os.getpid() if sys.argv[2] == "self" else os.getppid()))
if "kill-0" in sys.argv:
    os.kill(0, signal.SIGUSR1)
    os.kill(os.getpid(), signal.SIGTERM)
if "kill-parent" in sys.argv:
    os.kill(os.getppid(), signal.SIGUSR1)
    os.kill(os.getpid(), signal.SIGTERM)
while True:
    # One at a time; of several that are pending, the lowest number first.
    name = NAMES[signal.sigwaitinfo(NAMES).si_signo]
    tell(name)
    if name in ("term", "hup"):
        sys.exit(9)
