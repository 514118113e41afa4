using System.Globalization;
using System.Runtime.CompilerServices;
using ElfMmu.Dumps;
using ElfMmu.Memory;
using ElfMmu.Paging;
using ElfMmu.Spaces;

namespace ElfMmu.Benchmarks;

/// <summary>
/// How many random addresses a second a translator resolves, by one thread, beside a plain walk of four levels written by hand over the
/// same mapped file that gives nothing but the physical address.
/// </summary>
internal static class ResolveSpeed
{
    // As many as fit in the processor's caches with what becomes of them: neither side should wait for these.
    private const int Addresses = 20_000;
    private const int Repeats = 100;
    private const int Rounds = 9;
    private const ulong Page = 4096;
    private const ulong LargePage = 512 * Page;

    /// <summary>One CSV line a space: what, translator, plain walk, ratio of the times.</summary>
    /// <param name="folder">Where the images can be.</param>
    public static IEnumerable<string> Lines(string folder)
    {
        string path = Path.Combine(folder, "resolve.bin");
        yield return Line("100000 pages of 4 KiB in random order", path, PageTableImage.Shuffled(path, 100_000), Page);
        yield return Line("100000 pages of 4 KiB all over the address space", path, PageTableImage.Scattered(path, 100_000), Page);
        yield return Line("4 GiB in one run of 4 KiB pages", path, PageTableImage.Row(path, 1 << 20, large: false), Page);
        yield return Line("64 GiB in one run of 2 MiB pages", path, PageTableImage.Row(path, 1 << 15, large: true), LargePage);
    }

    private static string Line(string what, string path, ulong[] pages, ulong pageSize)
    {
        var random = new Random(1);
        ulong[] addresses = new ulong[Addresses];
        for (int i = 0; i < addresses.Length; i++)
        {
            addresses[i] = pages[random.Next(pages.Length)] + (ulong)random.NextInt64((long)pageSize);
        }

        using MemoryDump dump = MemoryDump.Open(path);
        AddressSpace space = AddressSpace.Open(dump, new SpaceRequest { Root = 0, Mode = "ia32e" });
        AddressTranslator translator = space.NewTranslator();
        var translations = new Translation[addresses.Length];
        ulong[] plain = new ulong[addresses.Length];
        (double ours, double theirs, double ratio) = Timing.Pairs(
            Rounds,
            () => Repeat(() => translator.Translate(addresses, translations)),
            () => Repeat(() => Walk(dump.Memory, addresses, plain)));
        for (int i = 0; i < addresses.Length; i++)
        {
            if (!translations[i].IsMapped || translations[i].PhysicalAddress != plain[i])
            {
                throw new InvalidOperationException($"0x{addresses[i]:x} is {translations[i]} instead of 0x{plain[i]:x}.");
            }
        }

        return string.Create(CultureInfo.InvariantCulture, $"{what},{Speed(ours):f1} M/s,{Speed(theirs):f1} M/s,{ratio:f2}");
    }

    private static double Speed(double milliseconds) => (double)Addresses * Repeats / milliseconds / 1000;

    private static void Repeat(Action work)
    {
        for (int i = 0; i < Repeats; i++)
        {
            work();
        }
    }

    /// <summary>The rival: no check of anything but presence and the page size bit.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static unsafe void Walk(PhysicalMemory memory, ulong[] addresses, ulong[] physical)
    {
        const ulong Address = 0x000f_ffff_ffff_f000;
        byte* bytes = memory.Runs[0].Source.Pointer;
        ulong size = memory.Size;
        for (int i = 0; i < addresses.Length; i++)
        {
            ulong address = addresses[i];
            ulong table = 0;
            ulong found = ulong.MaxValue;
            for (int shift = 39; ; shift -= 9)
            {
                if (table > size - Page)
                {
                    break;
                }

                ulong entry = ((ulong*)(bytes + table))[(address >> shift) & 511];
                if ((entry & 1) == 0)
                {
                    break;
                }

                ulong within = (1UL << shift) - 1;
                if (shift == 12 || (entry & (1 << 7)) != 0)
                {
                    found = (entry & Address & ~within) | (address & within);
                    break;
                }

                table = entry & Address;
            }

            physical[i] = found;
        }
    }
}
