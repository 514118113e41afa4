using ElfMmu.Dumps;
using ElfMmu.Memory;
using ElfMmu.Paging;
using ElfMmu.Spaces;

namespace ElfMmu.Searching;

/// <summary>Makes hits of the places where patterns were found: reads what is there and around it.</summary>
/// <param name="dump">The dump.</param>
/// <param name="map">The address space; null for physical memory.</param>
/// <param name="request">What was asked for.</param>
internal sealed class HitBuilder(MemoryDump dump, SpaceMap? map, SearchRequest request)
{
    /// <summary>Makes a hit. O(log mappings), and the bytes.</summary>
    /// <param name="address">Its address: virtual, or physical where no space is searched.</param>
    /// <param name="physical">Its physical address.</param>
    /// <param name="length">How many bytes it has.</param>
    /// <param name="pattern">What was found.</param>
    /// <returns>Null where a part of it is damaged: searching took that for zeros, and nobody knows what is there.</returns>
    public SearchHit? Make(ulong address, ulong physical, int length, SearchPattern pattern)
    {
        int before = (int)Math.Min(address, (ulong)request.ContextBefore);
        int after = (int)Math.Min(ulong.MaxValue - (address + (ulong)(length - 1)), (ulong)request.ContextAfter);
        byte[] bytes = new byte[length];
        if (!Read(address, bytes, null))
        {
            return null;
        }

        dump.TryLocate(physical, out string file, out ulong offset);
        return new SearchHit(map == null ? null : map.Mappings[MappingAt(address)].Attributes)
        {
            VirtualAddress = map == null ? null : address,
            PhysicalAddress = physical,
            Pattern = pattern.Name,
            Encoding = pattern.Encoding,
            Bytes = bytes,
            ContextBefore = Context(address - (ulong)before, before),
            ContextAfter = after == 0 ? [] : Context(address + (ulong)length, after),
            File = file,
            FileOffset = offset,
            Dump = dump.Identity,
            Space = map?.Space,
        };
    }

    private byte?[] Context(ulong address, int length)
    {
        byte[] bytes = new byte[length];
        bool[] present = new bool[length];
        Read(address, bytes, present);
        var context = new byte?[length];
        for (int i = 0; i < length; i++)
        {
            context[i] = present[i] ? bytes[i] : null;
        }

        return context;
    }

    /// <summary>Reads what there is of a range, and says of which bytes that is.</summary>
    /// <returns>Whether that is all of it.</returns>
    private bool Read(ulong address, Span<byte> bytes, bool[]? present)
    {
        bool isWhole = true;
        for (int done = 0; done < bytes.Length;)
        {
            int left = bytes.Length - done;
            bool any = map == null
                ? RunAt(address + (ulong)done, out ulong physical, out ulong size)
                : PageAt(address + (ulong)done, out physical, out size);
            int part = (int)Math.Min((ulong)left, size);
            if (any && dump.Memory.TryRead(physical, bytes.Slice(done, part)))
            {
                present?.AsSpan(done, part).Fill(true);
            }
            else
            {
                isWhole = false;
            }

            done += part;
        }

        return isWhole;
    }

    /// <summary>What a virtual address leads to and up to where; or how many bytes there are before something is mapped again.</summary>
    private bool PageAt(ulong address, out ulong physical, out ulong size)
    {
        ReadOnlySpan<Mapping> mappings = map!.Mappings;
        int i = MappingAt(address);
        if (i < mappings.Length && mappings[i].VirtualAddress <= address)
        {
            ulong within = address - mappings[i].VirtualAddress;
            (physical, size) = (mappings[i].PhysicalAddress + within, mappings[i].Size - within);
            return mappings[i].Kind == RegionKind.Ram;
        }

        (physical, size) = (0, i < mappings.Length ? mappings[i].VirtualAddress - address : ulong.MaxValue);
        return false;
    }

    private bool RunAt(ulong address, out ulong physical, out ulong size)
    {
        int hint = 0;
        bool any = dump.Memory.TryFind(address, ref hint);
        (physical, size) = (address, any ? dump.Memory.Runs[hint].Last - address + 1 : 1);
        return any;
    }

    /// <summary>The first mapping that ends at or behind an address.</summary>
    private int MappingAt(ulong address)
    {
        ReadOnlySpan<Mapping> mappings = map!.Mappings;
        int low = 0;
        for (int high = mappings.Length; low < high;)
        {
            int middle = (low + high) >>> 1;
            (low, high) = mappings[middle].LastAddress < address ? (middle + 1, high) : (low, middle);
        }

        return low;
    }
}
