"""Runs a command with the system calls and capabilities that Docker gives a container by default:
docker.py [--cap-add=SYS_PTRACE] COMMAND...

The calls are those of seccomp/default.json in moby/profiles, for x86-64 and a kernel of 4.8 or newer, written the other
way round: what is refused there. The capabilities are those of DefaultCapabilities in oci/caps of moby/moby. As a
container runtime does, it loads the filter first, without no_new_privs, and then gives up the capabilities. To be started
as root of a user namespace.
"""

import ctypes
import errno
import os
import struct
import sys

ARCHITECTURE = 0xC000003E  # AUDIT_ARCH_X86_64
# By number. Refused without a capability that a container lacks by default, or always.
REFUSED = {
    "uselib": 134, "ustat": 136, "sysfs": 139, "vhangup": 153, "pivot_root": 155, "_sysctl": 156, "acct": 163,
    "settimeofday": 164, "mount": 165, "umount2": 166, "swapon": 167, "swapoff": 168, "reboot": 169, "sethostname": 170,
    "setdomainname": 171, "iopl": 172, "ioperm": 173, "create_module": 174, "init_module": 175, "delete_module": 176,
    "get_kernel_syms": 177, "query_module": 178, "quotactl": 179, "nfsservctl": 180, "getpmsg": 181, "putpmsg": 182,
    "afs_syscall": 183, "tuxcall": 184, "security": 185, "lookup_dcookie": 212, "clock_settime": 227, "vserver": 236,
    "mbind": 237, "set_mempolicy": 238, "get_mempolicy": 239, "kexec_load": 246, "add_key": 248, "request_key": 249,
    "keyctl": 250, "migrate_pages": 256, "unshare": 272, "move_pages": 279, "perf_event_open": 298, "fanotify_init": 300,
    "open_by_handle_at": 304, "setns": 308, "kcmp": 312, "finit_module": 313, "kexec_file_load": 320, "bpf": 321,
    "userfaultfd": 323, "io_uring_setup": 425, "io_uring_enter": 426, "io_uring_register": 427, "open_tree": 428,
    "move_mount": 429, "fsopen": 430, "fsconfig": 431, "fsmount": 432, "fspick": 433, "pidfd_getfd": 438,
    "process_madvise": 440, "mount_setattr": 442, "quotactl_fd": 443, "set_mempolicy_home_node": 450,
    "lsm_get_self_attr": 459, "lsm_set_self_attr": 460, "lsm_list_modules": 461, "syslog": 103,
}
# Allowed with CAP_SYS_PTRACE.
OF_PTRACE = {"kcmp", "pidfd_getfd", "process_madvise"}
CAP_SYS_PTRACE = 19
# From here on the profile knows none.
UNKNOWN = 467
SOCKET, CLONE, PERSONALITY, CLONE3 = 41, 56, 135, 435
# CLONE_NEW*: namespaces of one's own.
NAMESPACES = 0x7E020000
# Address families, AF_ALG and AF_VSOCK among them.
REFUSED_FAMILIES = [12, 19, 20, 23, 25, 34, 37, 38, 40]
UNKNOWN_FAMILY = 46
PERSONALITIES = [0x0, 0x8, 0x20000, 0x20008, 0xFFFFFFFF]
# CAP_CHOWN, DAC_OVERRIDE, FOWNER, FSETID, KILL, SETGID, SETUID, SETPCAP, NET_BIND_SERVICE, NET_RAW, SYS_CHROOT, MKNOD,
# AUDIT_WRITE, SETFCAP.
CAPABILITIES = {0, 1, 3, 4, 5, 6, 7, 8, 10, 13, 18, 27, 29, 31}

# linux/bpf_common.h and linux/seccomp.h
LOAD, EQUAL, AT_LEAST, ANY_BIT, RETURN = 0x20, 0x15, 0x35, 0x45, 0x06
ALLOW, ERRNO = 0x7FFF0000, 0x00050000
NUMBER, ARCH, FIRST_ARGUMENT = 0, 4, 16
PR_SET_SECCOMP, SECCOMP_MODE_FILTER, PR_CAPBSET_READ, PR_CAPBSET_DROP = 22, 2, 23, 24


def instruction(code, value, if_true=0, if_false=0):
    return struct.pack("=HBBI", code, if_true, if_false, value)


def answer(value):
    return instruction(RETURN, value)


def refuse_if(code, value):
    """Returns EPERM where the test is true of what is loaded."""
    return instruction(code, value, 0, 1) + answer(ERRNO | errno.EPERM)


def only_for(number, program):
    """Runs a program that ends in an answer for one call alone, whose number is loaded."""
    return instruction(EQUAL, number, 0, len(program) // 8) + program


def profile(allowed):
    refused = sorted(number for name, number in REFUSED.items() if name not in allowed)
    argument = instruction(LOAD, FIRST_ARGUMENT)
    sockets = b"".join(refuse_if(EQUAL, family) for family in REFUSED_FAMILIES) + refuse_if(AT_LEAST, UNKNOWN_FAMILY)
    known = b"".join(instruction(EQUAL, value, 0, 1) + answer(ALLOW) for value in PERSONALITIES)
    return b"".join([
        instruction(LOAD, ARCH),
        instruction(EQUAL, ARCHITECTURE, 1, 0) + answer(ERRNO | errno.EPERM),
        instruction(LOAD, NUMBER),
        refuse_if(AT_LEAST, UNKNOWN),
        *(refuse_if(EQUAL, number) for number in refused),
        only_for(CLONE3, answer(ERRNO | errno.ENOSYS)),
        only_for(CLONE, argument + refuse_if(ANY_BIT, NAMESPACES) + answer(ALLOW)),
        only_for(SOCKET, argument + sockets + answer(ALLOW)),
        only_for(PERSONALITY, argument + known + answer(ERRNO | errno.EPERM)),
        answer(ALLOW),
    ])


def prctl(option, *arguments):
    arguments = [ctypes.c_void_p(value) for value in arguments]
    result = ctypes.CDLL(None, use_errno=True).prctl(option, *arguments, *[ctypes.c_void_p()] * (4 - len(arguments)))
    if result < 0:
        raise OSError(ctypes.get_errno(), f"prctl {option}")
    return result


def load(program):
    instructions = ctypes.create_string_buffer(program, len(program))
    filter = ctypes.create_string_buffer(struct.pack("@HP", len(program) // 8, ctypes.addressof(instructions)))
    prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, ctypes.addressof(filter))


def drop_capabilities(kept):
    for capability in sorted(set(range(64)) - kept):
        try:
            prctl(PR_CAPBSET_READ, capability)
        except OSError:
            return  # That was the last one that the kernel knows.
        prctl(PR_CAPBSET_DROP, capability)


command = sys.argv[1:]
allowed, kept = set(), CAPABILITIES
if command[0] == "--cap-add=SYS_PTRACE":
    command = command[1:]
    allowed, kept = OF_PTRACE, CAPABILITIES | {CAP_SYS_PTRACE}
load(profile(allowed))
drop_capabilities(kept)
os.execvp(command[0], command)
