"""Drives one scenario of job control in a terminal of its own, and prints the signals that the program got, in order.

Arguments: scenario, log file, `self` or `parent` (who stands for the program), the shell's words, `--`, the program's words.
"""
import os, pty, signal, sys, time

scenario, log, who = sys.argv[1:4]
split = sys.argv.index("--")
shell, words = sys.argv[4:split], sys.argv[split + 1:] + [log, who]
line = " ".join("'%s'" % word for word in words)
os.environ["PS1"] = "prompt>"
said = b""


def give_up(*_):
    sys.exit("still waiting; the terminal says %r, the log %r" % (said, events()))


signal.signal(signal.SIGALRM, give_up)
signal.alarm(25)


def events():
    return open(log).read().split()


def start(command):
    child, terminal = pty.fork()
    if child == 0:
        for number in signal.SIGHUP, signal.SIGINT, signal.SIGTSTP, signal.SIGUSR1:
            signal.signal(number, signal.SIG_DFL)
        os.execvp(command[0], command)
    return child, terminal


def until(text):
    """Reads on until the terminal says this, and returns what is between it and the next blank or bracket."""
    global said
    while text not in said:
        said += os.read(terminal, 1024)
    said = said.split(text, 1)[1]


def number():
    global said
    while b">" not in said:
        said += os.read(terminal, 1024)
    found, said = said.split(b">", 1)
    return int(found)


def type(text):
    until(b"prompt>")
    os.write(terminal, text.encode() + b"\n")


def key(byte, effect):
    os.write(terminal, byte)
    until(effect)


def to_program(number):
    os.kill(program, number)


def logged(event, count=1):
    while events().count(event) < count:
        time.sleep(0.005)


def ended(pid):
    while True:
        try:
            if open("/proc/%d/stat" % pid).read().rsplit(") ")[1][0] == "Z":
                return
        except (FileNotFoundError, ProcessLookupError):
            return
        time.sleep(0.005)


# Every signal is followed by one to the program alone: had the first come twice, the second one would stand before it.
def marked():
    to_program(signal.SIGUSR1)
    until(b"<usr1>")


INTERRUPT, STOP = b"\x03", b"\x1a"
open(log, "w").close()
if scenario == "leader":
    child, terminal = start(words)
    until(b"<ready ")
    program = number()
    os.close(terminal)
    logged("hup")
    os.waitpid(child, 0)
elif scenario in ("script", "inner"):
    child, terminal = start(shell + ["-c", {
        # A script signals the whole group, itself and what it has started.
        "script": "trap : USR1; %s & while ! grep -q ready %s; do :; done; kill -USR1 0; while ! grep -q usr1 %s; do :; done; kill -TERM $!; wait $!; echo code=$?.",
        # The program signals its whole group; this script is in it as well.
        "inner": "trap 'echo outer' USR1; %s kill-0; echo code=$?.",
    }[scenario].replace("%s", line, 1).replace("%s", log)])
    until(b"code=9.")
elif scenario == "to_parent":
    child, terminal = start(shell + ["-c", "trap 'echo outer >> %s' USR1; %s kill-parent; echo code=$?." % (log, line)])
    until(b"code=9.")
else:
    child, terminal = start(shell)
    # In a job of its own, so that the shell does not become the program.
    type({"keys": line, "closing": line, "pipeline": line + " | sh -c \"trap '' INT; cat\""}[scenario])
    until(b"<ready ")
    program = number()
    if scenario == "closing":
        os.close(terminal)
        logged("hup")
        ended(program)
    else:
        key(INTERRUPT, b"<int>")
        marked()
        for turn in range(2):
            os.write(terminal, STOP)
            type("fg")
            until(b"<cont>")
            marked()
        key(INTERRUPT, b"<int>")
        marked()
        os.write(terminal, STOP)
        type("bg")
        # The shell's prompt and the program's words come in any order now.
        logged("cont", 3)
        to_program(signal.SIGUSR1)
        logged("usr1", 5)
        type("kill %1")
        logged("term")
        ended(program)
        type("exit")
        # The first one only warns of a job that the shell has not looked at yet.
        os.write(terminal, b"exit\n")
        try:
            while os.read(terminal, 1024):
                pass
        except OSError:
            pass
        os.waitpid(child, 0)
print(" ".join(events()))
