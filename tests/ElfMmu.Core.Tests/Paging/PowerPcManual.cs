namespace ElfMmu.Tests.Paging;

/// <summary>
/// Translates one effective address as the "Programming Environments Manual for 32-Bit Implementations of the PowerPC
/// Architecture" tells it (chapter 7), slowly and word for word: the yardstick for the walker, which shares nothing with it. Bits
/// are counted as the manual counts them, from the highest one. What the manual calls undefined is read thus: of blocks that
/// overlap the first one counts, and of a block whose length, start or physical number isn't well-formed the bits are compared and
/// joined as the figures draw it for all others. One liberty is taken: G of a page forbids no fetch, because emulators let
/// instructions be fetched from guarded pages.
/// </summary>
/// <param name="read">Reads a word of 4 bytes at a physical address; null where there is no memory.</param>
/// <param name="registers">sr0 to sr15, ibat0u to ibat7l, dbat0u to dbat7l and sdr1 as far as they are known.</param>
internal sealed class PowerPcManual(Func<ulong, int, ulong?> read, RegisterSet registers)
{
    private readonly ulong?[] _segments = [.. Enumerable.Range(0, 16).Select(i => registers[$"sr{i}"])];
    private readonly ulong? _sdr1 = registers["sdr1"];
    private readonly (ulong? Upper, ulong? Lower)[] _instructionBlocks = Blocks(registers, "ibat");
    private readonly (ulong? Upper, ulong? Lower)[] _dataBlocks = Blocks(registers, "dbat");

    /// <summary>
    /// A load or store and an instruction fetch, in supervisor and in user mode, are four translations. The first one that is
    /// allowed says where the address leads; the others add what they allow if they lead to the same place.
    /// </summary>
    public ManualPage? Translate(ulong effective)
    {
        if (effective > uint.MaxValue)
        {
            return null;
        }

        ManualPage? page = null;
        foreach ((bool user, bool fetch) in new[] { (false, false), (false, true), (true, false), (true, true) })
        {
            if (Access(effective, user, fetch) is { } access && (page is null || page.Physical == access.Physical))
            {
                page = (page ?? access) with
                {
                    User = (page?.User ?? Rights.None) | access.User,
                    Supervisor = (page?.Supervisor ?? Rights.None) | access.Supervisor,
                };
            }
        }

        return page;
    }

    private static ulong Bits(ulong value, int first, int last) => (value >> (31 - last)) & ((1UL << (last - first + 1)) - 1);

    private static bool Bit(ulong value, int bit) => Bits(value, bit, bit) != 0;

    private static (ulong? Upper, ulong? Lower)[] Blocks(RegisterSet registers, string side) =>
        [.. Enumerable.Range(0, 8).Select(i => (registers[$"{side}{i}u"], registers[$"{side}{i}l"]))];

    /// <summary>A block wins over the segment; null where the access raises an exception.</summary>
    private ManualPage? Access(ulong effective, bool user, bool fetch)
    {
        foreach ((ulong? u, ulong? l) in fetch ? _instructionBlocks : _dataBlocks)
        {
            if (u is { } upper && l is { } lower && Matches(upper, effective, user))
            {
                return Block(effective, upper, lower, user, fetch);
            }
        }

        return _segments[Bits(effective, 0, 3)] is { } segment ? Segment(effective, segment, user, fetch) : null;
    }

    /// <summary>7.4.2 Recognition of Addresses in BAT Arrays, and 7.4.3 BAT Register Implementation of BAT Array.</summary>
    private static bool Matches(ulong upper, ulong effective, bool user)
    {
        ulong bepi = Bits(upper, 0, 14);
        ulong bl = Bits(upper, 19, 29);
        bool valid = Bit(upper, user ? 31 : 30);

        // Where the start is no multiple of the length, nothing is equal.
        return valid && bepi == (Bits(effective, 0, 14) & ~bl);
    }

    /// <summary>7.4.4 Block Memory Protection, 7.4.5 Block Physical Address Generation; a block keeps no history.</summary>
    private static ManualPage? Block(ulong effective, ulong upper, ulong lower, bool user, bool fetch)
    {
        ulong bl = Bits(upper, 19, 29);
        ulong brpn = Bits(lower, 0, 14) | (Bits(effective, 0, 14) & bl);

        // The ones at the right of BL are what stays together.
        ulong size = (bl & ~(bl + 1)) + 1;
        Rights rights = Bits(lower, 30, 31) switch
        {
            0b00 => Rights.None,
            0b10 => Rights.Read | Rights.Write,
            _ => Rights.Read,
        };
        ulong physical = (brpn << 17) | Bits(effective, 15, 31);

        // Instructions are never fetched from a guarded block.
        return Page(physical, size << 17, rights, Bits(lower, 25, 28), user, fetch, noExecute: Bit(lower, 28));
    }

    /// <summary>7.5 Memory Segment Model, Page Memory Protection.</summary>
    private ManualPage? Segment(ulong effective, ulong segment, bool user, bool fetch)
    {
        // With T set it is a direct-store segment (7.7), and no memory.
        if (Bit(segment, 0) || FindEntry(effective, Bits(segment, 8, 31)) is not var (_, second))
        {
            return null;
        }

        // The key is Ks in supervisor mode and Kp in user mode.
        bool key = Bit(segment, user ? 2 : 1);
        Rights rights = (key, Bits(second, 30, 31)) switch
        {
            (false, 0b00 or 0b01 or 0b10) => Rights.Read | Rights.Write,
            (false, _) => Rights.Read,
            (true, 0b00) => Rights.None,
            (true, 0b10) => Rights.Read | Rights.Write,
            (true, _) => Rights.Read,
        };
        ulong physical = (Bits(second, 0, 19) << 12) | Bits(effective, 20, 31);
        return Page(physical, 4096, rights, Bits(second, 25, 28), user, fetch, noExecute: Bit(segment, 3)) is { } page
            ? page with { Accessed = Bit(second, 23), Dirty = Bit(second, 24) }
            : null;
    }

    /// <summary>7.6 Hashed Page Tables: the primary group, then the secondary one; null for a page fault.</summary>
    private (ulong First, ulong Second)? FindEntry(ulong effective, ulong vsid)
    {
        if (_sdr1 is not { } sdr1)
        {
            return null;
        }

        ulong pageIndex = Bits(effective, 4, 19);
        ulong primary = (vsid & 0x7_ffff) ^ pageIndex;
        ulong secondary = ~primary & 0x7_ffff;
        foreach ((ulong hash, bool second) in new[] { (primary, false), (secondary, true) })
        {
            // The highest 9 of the 19 bits of the hash go through HTABMASK.
            ulong middle = Bits(sdr1, 7, 15) | ((hash >> 10) & Bits(sdr1, 23, 31));
            ulong group = (Bits(sdr1, 0, 6) << 25) | (middle << 16) | ((hash & 0x3ff) << 6);
            for (ulong entry = group; entry < group + 64; entry += 8)
            {
                if (read(entry, 4) is { } first
                    && read(entry + 4, 4) is { } last
                    && Bit(first, 0)
                    && Bits(first, 1, 24) == vsid
                    && Bit(first, 25) == second
                    && Bits(first, 26, 31) == Bits(effective, 4, 9))
                {
                    return (first, last);
                }
            }
        }

        return null;
    }

    /// <summary>What one access may do; a fetch is a read as far as PP goes.</summary>
    private static ManualPage? Page(
        ulong physical, ulong size, Rights rights, ulong wimg, bool user, bool fetch, bool noExecute)
    {
        if (fetch)
        {
            rights = rights.HasFlag(Rights.Read) && !noExecute ? Rights.Execute : Rights.None;
        }

        return rights == Rights.None
            ? null
            : new ManualPage(
                physical, size, user ? rights : Rights.None, user ? Rights.None : rights, false, false, false, (int)wimg);
    }
}
