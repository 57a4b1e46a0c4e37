"""Runs a program in a terminal of its own: terminal.py STEPS.json PROGRAM ARGUMENT...

A step is ["expect", TEXT], which waits until TEXT is shown after what was expected before, or ["send", KEYS]. What was
shown goes to standard output as it was; the status is the program's, or 99 when something was not shown in time.
"""
import json, os, pty, select, signal, sys, time

PATIENCE_SECONDS = 20

with open(sys.argv[1], encoding="utf-8") as file:
    steps = json.load(file)
child, terminal = pty.fork()
if child == 0:
    signal.signal(signal.SIGINT, signal.SIG_DFL)  # who is started in the background has it ignored
    os.execvp(sys.argv[2], sys.argv[2:])
shown = b""
looked = 0


def read(seconds):
    """False at the end of what the program shows."""
    global shown
    if not select.select([terminal], [], [], seconds)[0]:
        return True
    try:
        data = os.read(terminal, 65536)
    except OSError:
        return False
    shown += data
    return bool(data)


def fail(why):
    sys.stdout.buffer.write(shown + ("\n[terminal] %s\n" % why).encode())
    os.kill(child, 9)
    sys.exit(99)


for kind, text in steps:
    if kind == "send":
        os.write(terminal, text.encode())
        continue
    end = time.monotonic() + PATIENCE_SECONDS
    while shown.find(text.encode(), looked) < 0:
        if time.monotonic() > end or not read(0.5):
            fail("never shown: %r" % text)
    looked = shown.find(text.encode(), looked) + len(text.encode())
end = time.monotonic() + PATIENCE_SECONDS
while read(0.5):
    if time.monotonic() > end:
        fail("the program did not end")
sys.stdout.buffer.write(shown)
sys.stdout.flush()
sys.exit(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) % 256)
