/*
 * The only program of a guest: its init. It starts one pattern process and some workers, which fill regions of every kind with a
 * pattern, tells over the console what the kernel says of their memory, and leaves them spinning in user mode for the dump.
 *
 * From the kernel's command line, which hands what it doesn't know to init's environment:
 *   gbase, gstride  where the regions begin and how far they are apart
 *   ghigh           where the region at a high address is, if there is one
 *   gid             where every process has the page that says which it is
 *   gworkers        how many workers there are
 *   gnested         1 if the pattern process has a guest of its own
 */
#define _GNU_SOURCE
#include <errno.h>
#include <dirent.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <termios.h>
#include <unistd.h>

#include "nested.h"

#ifndef MAP_FIXED_NOREPLACE
#define MAP_FIXED_NOREPLACE 0x100000
#endif

#define ID_MAGIC 0x1dc0ffeeu
#define PATTERN_TAG 0xa500u
#define WORKER_TAG 0xb000u
#define SHARED_INDEX 12
#define PROCESSES 8

#define RW (PROT_READ | PROT_WRITE)

static size_t page;
static uint64_t base, stride, idPage;
static int sharedMemory;

/* Written by each process, read by init. */
static volatile struct {
    int pid;
    int ready;
} *processes;

void say(const char *format, ...)
{
    static char line[1024];
    va_list arguments;
    va_start(arguments, format);
    int length = vsnprintf(line, sizeof line, format, arguments);
    va_end(arguments);
    for (int done = 0; done < length;) {
        ssize_t n = write(1, line + done, length - done);
        if (n <= 0)
            return;
        done += n;
    }
}

/* What goes wrong is part of the log; a guest without hugetlb, say, is still a guest. */
void *failed(const char *what, uint64_t va)
{
    say("FAILED %s va=%" PRIx64 ": %s\n", what, va, strerror(errno));
    return NULL;
}

static uint64_t number(const char *name, uint64_t otherwise)
{
    const char *text = getenv(name);
    return text ? strtoull(text, NULL, 0) : otherwise;
}

void *map(uint64_t va, size_t length, int protection, int flags, int file)
{
    void *at = mmap((void *)(uintptr_t)va, length, protection, flags | MAP_FIXED_NOREPLACE, file, 0);
    return at == (void *)(uintptr_t)va ? at : failed("mmap", va);
}

/* The word at tagva + o is (tagva + o) in 48 bits with the tag over its top. */
void fill(void *at, size_t length, unsigned tag, uint64_t tagva)
{
    volatile uint64_t *words = at;
    for (size_t o = 0; o < length; o += 8)
        words[o / 8] = ((tagva + o) & 0xffffffffffffull) ^ ((uint64_t)tag << 48);
}

void region(int id, int index, uint64_t va, size_t length, const char *protection, unsigned tag, uint64_t tagva,
    const char *kind)
{
    say("REGION id=%d idx=%d va=%016" PRIx64 " len=%zx prot=%s tag=%04x tagva=%016" PRIx64 " kind=%s\n",
        id, index, va, length, protection, tag, tagva, kind);
}

static uint64_t place(int index)
{
    return base + index * stride;
}

/* Private memory, filled and then given its rights. */
static void private(int index, size_t length, int protection, const char *text, const char *kind)
{
    uint64_t va = place(index);
    void *at = map(va, length, RW, MAP_PRIVATE | MAP_ANONYMOUS, -1);
    if (!at)
        return;
    fill(at, length, PATTERN_TAG + index, va);
    if (mprotect(at, length, protection)) {
        failed("mprotect", va);
        return;
    }
    region(1, index, va, length, text, PATTERN_TAG + index, va, kind);
}

/* One memfd mapped twice. */
static void alias(int index, size_t length)
{
    uint64_t first = place(index), second = first + 0x1000000;
    int file = memfd_create("alias", 0);
    if (file < 0 || ftruncate(file, length)) {
        failed("memfd", first);
        return;
    }
    void *writable = map(first, length, RW, MAP_SHARED, file);
    void *readable = map(second, length, PROT_READ, MAP_SHARED, file);
    if (!writable || !readable)
        return;
    fill(writable, length, PATTERN_TAG + index, first);
    for (size_t o = 0; o < length; o += page)
        (void)*((volatile char *)readable + o);
    region(1, index, first, length, "rw-", PATTERN_TAG + index, first, "memfd-alias-rw");
    region(1, index, second, length, "r--", PATTERN_TAG + index, first, "memfd-alias-ro");
}

/* Every second page unmapped, or made read-only. */
static void checkered(int index, size_t length, bool holes)
{
    uint64_t va = place(index);
    char *at = map(va, length, RW, MAP_PRIVATE | MAP_ANONYMOUS, -1);
    if (!at)
        return;
    madvise(at, length, MADV_NOHUGEPAGE);
    fill(at, length, PATTERN_TAG + index, va);
    for (size_t o = page; o < length; o += 2 * page)
        if (holes ? munmap(at + o, page) : mprotect(at + o, page, PROT_READ))
            failed(holes ? "munmap" : "mprotect", va + o);
    region(1, index, va, length, holes ? "rw-" : "rw-/r--", PATTERN_TAG + index, va,
        holes ? "holes-odd-pages-unmapped" : "alternating-perm-odd-ro");
}

/* Read and never written: one frame of zeros behind all of it. */
static void zeros(int index, size_t length)
{
    uint64_t va = place(index);
    volatile char *at = map(va, length, RW, MAP_PRIVATE | MAP_ANONYMOUS, -1);
    if (!at)
        return;
    madvise((void *)at, length, MADV_NOHUGEPAGE);
    for (size_t o = 0; o < length; o += page)
        (void)at[o];
    region(1, index, va, length, "rw-", 0, 0, "zeropage-read-touched");
}

static void transparentHuge(int index, size_t length)
{
    uint64_t va = place(index);
    void *at = map(va, length, RW, MAP_PRIVATE | MAP_ANONYMOUS, -1);
    if (!at)
        return;
    madvise(at, length, MADV_HUGEPAGE);
    fill(at, length, PATTERN_TAG + index, va);
    region(1, index, va, length, "rw-", PATTERN_TAG + index, va, "thp-4MiB");
}

static void hugetlb(int index, size_t length)
{
    uint64_t va = place(index);
    void *at = map(va, length, RW, MAP_PRIVATE | MAP_ANONYMOUS | MAP_HUGETLB, -1);
    if (!at)
        return;
    fill(at, length, PATTERN_TAG + index, va);
    region(1, index, va, length, "rw-", PATTERN_TAG + index, va, "hugetlb");
}

/* The memory of all processes; the pattern process fills it. */
static void sharedRegion(int id, int index, uint64_t va, const char *kind)
{
    size_t length = 16 * page;
    void *at = map(va, length, RW, MAP_SHARED, sharedMemory);
    if (!at)
        return;
    unsigned tag = PATTERN_TAG + SHARED_INDEX;
    if (id == 1)
        fill(at, length, tag, place(SHARED_INDEX));

    /* Written with what is there: where the processor doesn't mark pages dirty, a page is writable only after a write. */
    for (size_t o = 0; o < length; o += page)
        *((volatile char *)at + o) = *((volatile char *)at + o);
    region(id, index, va, length, "rw-", tag, place(SHARED_INDEX), kind);
}

static void high(int index, uint64_t va)
{
    size_t length = 8 * page;
    void *at = map(va, length, RW, MAP_PRIVATE | MAP_ANONYMOUS, -1);
    if (!at)
        return;
    fill(at, length, PATTERN_TAG + index, va);
    region(1, index, va, length, "rw-", PATTERN_TAG + index, va, "high-va");
}

static void identify(int id)
{
    volatile uint32_t *words = map(idPage, page, RW, MAP_PRIVATE | MAP_ANONYMOUS, -1);
    if (!words)
        return;
    words[0] = ID_MAGIC;
    words[1] = id;
    words[2] = getpid();
    mprotect((void *)words, page, PROT_READ);
}

static void pattern(void)
{
    private(0, 64 * page, RW, "rw-", "private-rw");
    private(1, 16 * page, PROT_READ, "r--", "private-ro");
    private(2, 8 * page, PROT_READ | PROT_EXEC, "r-x", "private-rx");
    private(3, 4 * page, RW | PROT_EXEC, "rwx", "private-rwx");
    private(4, 4 * page, PROT_NONE, "---", "private-none-filled");
    private(5, 4 * page, PROT_EXEC, "--x", "private-execonly");
    alias(6, 32 * page);
    checkered(7, 64 * page, true);
    checkered(8, 64 * page, false);
    zeros(9, 16 * page);
    transparentHuge(10, 0x400000);
    hugetlb(11, number("ghuge", 0x200000));
    sharedRegion(1, SHARED_INDEX, place(SHARED_INDEX), "shared-with-workers");
    if (number("ghigh", 0))
        high(13, number("ghigh", 0));
    if (number("gnested", 0))
        nestedPrepare(place(20), place(21));
    say("PATTERN id=1 pid=%d idva=%" PRIx64 " pagesize=%zx\n", getpid(), idPage, page);
}

static void worker(int id)
{
    uint64_t va = place(0) + id * 0x100000ull;
    unsigned tag = WORKER_TAG + id * 16;
    size_t length = 32 * page;
    void *at = map(va, length, RW, MAP_PRIVATE | MAP_ANONYMOUS, -1);
    if (at) {
        madvise(at, length, MADV_NOHUGEPAGE);
        fill(at, length, tag, va);
        region(id, 0, va, length, "rw-", tag, va, "private-rw");
    }
    sharedRegion(id, 1, place(1) + id * 0x100000ull, "shared-with-pattern");
    say("WORKER id=%d pid=%d\n", id, getpid());
}

static FILE *openOf(int pid, const char *name)
{
    char path[64];
    snprintf(path, sizeof path, "/proc/%d/%s", pid, name);
    return fopen(path, "r");
}

/*
 * A page that this process has from its parent and never touched is present to the kernel, but on a processor that doesn't mark
 * pages accessed the kernel keeps it from the MMU.
 */
static void touchWhatIsPresent(void)
{
    char line[512];
    int pagemap = open("/proc/self/pagemap", O_RDONLY);
    FILE *maps = openOf(getpid(), "maps");
    while (maps && fgets(line, sizeof line, maps)) {
        uint64_t first, end, entry;
        char readable;
        if (sscanf(line, "%" SCNx64 "-%" SCNx64 " %c", &first, &end, &readable) != 3 || readable != 'r' || strstr(line, "[v"))
            continue;
        for (uint64_t va = first; va < end; va += page)
            if (pread64(pagemap, &entry, 8, va / page * 8) == 8 && entry >> 63)
                (void)*(volatile char *)(uintptr_t)va;
    }
    if (maps)
        fclose(maps);
    close(pagemap);
}

/* Nothing is touched from here on: what init reports of this process stays true. */
static void __attribute__((noreturn)) spin(int id)
{
    touchWhatIsPresent();
    processes[id].ready = 1;
    if (id == 1 && number("gnested", 0))
        nestedSpin();
    for (;;)
        __asm__ volatile("" ::: "memory");
}

static void start(int id)
{
    pid_t pid = fork();
    if (pid == 0) {
        identify(id);
        if (id == 1)
            pattern();
        else
            worker(id);
        spin(id);
    }
    processes[id].pid = pid;
    while (!processes[id].ready)
        usleep(10000);
}

static void copyLines(const char *path, const char *prefix)
{
    char line[512];
    FILE *file = fopen(path, "r");
    while (file && fgets(line, sizeof line, file))
        say("%s %s", prefix, line);
    if (file)
        fclose(file);
}

static void reportMaps(int pid)
{
    char line[512];
    FILE *maps = openOf(pid, "maps");
    while (maps && fgets(line, sizeof line, maps))
        say("MAPS %d %s", pid, line);
    if (maps)
        fclose(maps);
}

/* The parts of smaps that say how big pages are: KiB in pages of the huge size, and the page size of hugetlb memory. */
static void reportHuge(int pid)
{
    char line[512], range[64] = "";
    FILE *smaps = openOf(pid, "smaps");
    while (smaps && fgets(line, sizeof line, smaps)) {
        uint64_t first, end;
        unsigned long kib;
        char name[64];
        if (sscanf(line, "%" SCNx64 "-%" SCNx64 " ", &first, &end) == 2)
            snprintf(range, sizeof range, "%" PRIx64 "-%" PRIx64, first, end);
        else if (sscanf(line, "%63[A-Za-z_]: %lu kB", name, &kib) == 2
            && (strcmp(name, "KernelPageSize") ? kib && (strstr(name, "HugePages") || strstr(name, "PmdMapped"))
                                               : kib != page / 1024))
            say("SMAPS %d %s %s %lu\n", pid, range, name, kib);
    }
    if (smaps)
        fclose(smaps);
}

/* One run of pages whose frames follow each other and whose flags (bits 55 to 63) agree. */
struct run {
    uint64_t va, pages, frame, flags;
};

static void reportRun(int pid, struct run *run)
{
    if (run->pages)
        say("PM %d %016" PRIx64 " %" PRIu64 " %" PRIx64 " %" PRIx64 "\n", pid, run->va, run->pages, run->frame, run->flags);
    run->pages = 0;
}

static void reportPageMap(int pid)
{
    char line[512], path[64];
    snprintf(path, sizeof path, "/proc/%d/pagemap", pid);
    int pagemap = open(path, O_RDONLY);
    FILE *maps = openOf(pid, "maps");
    if (pagemap < 0)
        failed(path, 0);
    while (maps && fgets(line, sizeof line, maps)) {
        static uint64_t entries[512];
        struct run run = { 0 };
        uint64_t first, end;
        sscanf(line, "%" SCNx64 "-%" SCNx64, &first, &end);
        for (uint64_t va = first; va < end;) {
            size_t count = (end - va) / page < 512 ? (end - va) / page : 512;
            ssize_t got = pread64(pagemap, entries, count * 8, va / page * 8);
            if (got <= 0)
                break;
            for (size_t i = 0; i < (size_t)got / 8; i++, va += page) {
                uint64_t frame = entries[i] & 0x7fffffffffffffull, flags = entries[i] >> 55;
                if (!(flags & 0x100)) {
                    reportRun(pid, &run);
                    continue;
                }
                if (run.pages && run.frame + run.pages == frame && run.flags == flags) {
                    run.pages++;
                    continue;
                }
                reportRun(pid, &run);
                run = (struct run) { va, 1, frame, flags };
            }
        }
        reportRun(pid, &run);
    }
    if (maps)
        fclose(maps);
    close(pagemap);
}

/* Where the kernel has memory of its own, for questions to QEMU about it. */
static void reportKernel(void)
{
    static const char *const wanted[] = { "_text", "_stext", "_etext", "_end", "swapper_pg_dir", "init_mm", "linux_banner" };
    char line[512];
    FILE *file = fopen("/proc/kallsyms", "r");
    while (file && fgets(line, sizeof line, file)) {
        char address[32], type, name[256];
        if (sscanf(line, "%31s %c %255s", address, &type, name) == 3)
            for (size_t i = 0; i < sizeof wanted / sizeof *wanted; i++)
                if (!strcmp(name, wanted[i]))
                    say("KSYM %s %s\n", address, name);
    }
    if (file)
        fclose(file);
    file = fopen("/proc/vmallocinfo", "r");
    while (file && fgets(line, sizeof line, file)) {
        char range[64];
        if (sscanf(line, "%63s", range) == 1)
            say("VMALLOC %s\n", range);
    }
    if (file)
        fclose(file);
}

static void writeTo(const char *path, const char *text)
{
    int file = open(path, O_WRONLY);
    if (file >= 0 && write(file, text, strlen(text)) < 0)
        failed(path, 0);
    if (file >= 0)
        close(file);
}

/* Without this the console turns every line's end into two characters. */
static void plainConsole(void)
{
    struct termios terminal;
    if (tcgetattr(1, &terminal) == 0) {
        terminal.c_oflag &= ~OPOST;
        tcsetattr(1, TCSANOW, &terminal);
    }
}

/* Modules are numbered in the order in which they need each other. */
static void loadModules(void)
{
    struct dirent **names;
    int count = scandir("/modules", &names, NULL, alphasort);
    for (int i = 0; i < count; i++) {
        char path[300];
        snprintf(path, sizeof path, "/modules/%s", names[i]->d_name);
        int file = open(path, O_RDONLY | O_CLOEXEC);
        if (names[i]->d_name[0] != '.' && syscall(SYS_finit_module, file, "", 0))
            failed(path, 0);
        close(file);
    }
}

int main(void)
{
    page = sysconf(_SC_PAGESIZE);
    base = number("gbase", sizeof(void *) == 8 ? 0x100000000000ull : 0x10000000);
    stride = number("gstride", sizeof(void *) == 8 ? 0xc0000000ull : 0x02000000);
    idPage = number("gid", sizeof(void *) == 8 ? 0x200000000ull : 0x08000000);
    int workers = number("gworkers", 3);
    plainConsole();
    say("GUEST start pagesize=%zx workers=%d\n", page, workers);
    mkdir("/proc", 0555);
    mkdir("/sys", 0555);
    if (mount("proc", "/proc", "proc", 0, NULL))
        failed("mount", 0);
    mount("sysfs", "/sys", "sysfs", 0, NULL);
    copyLines("/proc/version", "VERSION");
    copyLines("/proc/cmdline", "CMDLINE");
    copyLines("/proc/iomem", "IOMEM");

    /* With 1 root sees addresses as they are; with 0 nobody does. */
    writeTo("/proc/sys/kernel/kptr_restrict", "1");

    /* Pages may not move after the report. */
    writeTo("/proc/sys/vm/compaction_proactiveness", "0");
    writeTo("/sys/kernel/mm/transparent_hugepage/enabled", "madvise");
    writeTo("/sys/kernel/mm/transparent_hugepage/khugepaged/max_ptes_none", "0");
    writeTo("/sys/kernel/mm/ksm/run", "0");

    loadModules();
    processes = mmap(NULL, page, RW, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    sharedMemory = memfd_create("shared", 0);
    if (sharedMemory < 0 || ftruncate(sharedMemory, 16 * page))
        failed("memfd", 0);
    for (int id = 1; id <= workers + 1 && id < PROCESSES; id++)
        start(id);
    reportKernel();
    copyLines("/proc/meminfo", "MEMINFO");
    for (int id = 1; id <= workers + 1 && id < PROCESSES; id++) {
        say("PROC id=%d pid=%d\n", id, processes[id].pid);
        reportMaps(processes[id].pid);
        reportHuge(processes[id].pid);
        reportPageMap(processes[id].pid);
    }
    say("GUEST-READY\n");
    for (;;)
        pause();
}
