using System.Diagnostics.CodeAnalysis;
using ElfMmu.Dumps;
using ElfMmu.Memory;
using ElfMmu.Paging;
using ElfMmu.Spaces;

namespace ElfMmu.Reading;

/// <summary>
/// Reads memory by address: virtual addresses of a space, or physical ones of a dump. An address is translated once for each page of the
/// smallest size, and pages that follow each other in the dump are one copy. It keeps what it found last, so every thread has its own; it
/// is good for as long as the dump is open.
/// </summary>
public sealed class MemoryReader
{
    // A piece never grows beyond this, so that asking for one ends soon whatever is asked.
    private const ulong MaximumPiece = 64 << 20;
    private const int LargePiece = 64 << 10;
    private const ulong ItemBytes = 64 << 10;
    private const int FirstTextBytes = 256;

    private readonly AddressTranslator? _translator;
    private readonly ulong _pageMask;
    private readonly int _addressBits;
    private int _run;
    private int _region;

    private ulong LastAddress => ulong.MaxValue >> (64 - _addressBits);

    private MemoryReader(MemoryDump dump, AddressSpace? space)
    {
        Dump = dump;
        Space = space?.Identity;
        if (space == null)
        {
            Model = DataModel.Of(dump);
            _addressBits = 64;
            return;
        }

        PagingMode mode = space.Identity.Mode;
        Model = DataModel.Of(space.Identity);
        _translator = space.NewTranslator();

        // Through a hypervisor's tables a guest's page can lie in several.
        _pageMask = Math.Min(mode.Granule, space.Identity.NestedMode?.Granule ?? ulong.MaxValue) - 1;
        _addressBits = mode.IsNested ? mode.VirtualAddressBits : mode.WordSize;
    }

    /// <summary>The dump; it belongs to whoever opened it.</summary>
    public MemoryDump Dump { get; }

    /// <summary>The space whose addresses it takes; null when they are physical.</summary>
    public SpaceIdentity? Space { get; }

    /// <summary>Whether it takes physical addresses.</summary>
    [MemberNotNullWhen(false, nameof(Space))]
    public bool IsPhysical => Space == null;

    /// <summary>How numbers are stored.</summary>
    public DataModel Model { get; }

    /// <summary>A reader of an address space.</summary>
    public static MemoryReader Of(AddressSpace space) => new(space.Dump, space);

    /// <summary>A reader of a dump's physical memory.</summary>
    public static MemoryReader Of(MemoryDump dump) => new(dump, null);

    /// <summary>Throws when a range doesn't lie within the addresses there can be.</summary>
    /// <param name="address">The first address.</param>
    /// <param name="length">How many bytes.</param>
    /// <exception cref="ElfMmuException"><c>AddressRangeInvalid</c>.</exception>
    public void CheckRange(ulong address, ulong length)
    {
        if (address > LastAddress || (length > 0 && length - 1 > LastAddress - address))
        {
            throw OutOfRange(address, length);
        }
    }

    /// <summary>
    /// The stretch at an address whose bytes lie together in the dump, or are absent for one reason; it may end before what follows is
    /// different. O(pages in it), at most 64 MiB of them.
    /// </summary>
    /// <param name="address">The address.</param>
    /// <param name="most">How many bytes are wanted, from 1; the range must pass <see cref="CheckRange"/>.</param>
    public MemoryPiece Locate(ulong address, ulong most)
    {
        most = Math.Min(most, MaximumPiece);
        MemoryPiece piece = First(address, most);
        while (piece.Size < most && _translator != null)
        {
            MemoryPiece next = First(address + piece.Size, most - piece.Size);
            bool continues = next.Absence == piece.Absence && (piece.PhysicalAddress is { } physical
                ? next.PhysicalAddress == physical + piece.Size
                : next.PhysicalAddress == null);
            if (!continues)
            {
                break;
            }

            piece = piece with { Size = piece.Size + next.Size };
        }

        return piece;
    }

    /// <summary>The physical address of bytes that lie in one page; null where they don't, aren't mapped, or the addresses are physical.</summary>
    /// <param name="address">The first address.</param>
    /// <param name="length">How many bytes; none are in no page.</param>
    public ulong? PageOf(ulong address, ulong length) =>
        length == 0 || _translator == null || length - 1 > _pageMask - (address & _pageMask) ? null : Locate(address, 1).PhysicalAddress;

    /// <summary>Reads bytes.</summary>
    /// <param name="address">The first address.</param>
    /// <param name="destination">Takes the bytes.</param>
    /// <param name="options">What is done about bytes that aren't there.</param>
    /// <param name="absent">Takes the ranges that aren't there, fused and ascending; of those that end reading only the first.</param>
    /// <returns>How many bytes were read; fewer than asked for only where reading stops at what is absent.</returns>
    /// <exception cref="ElfMmuException">
    /// <c>AddressRangeInvalid</c>, <c>MemoryAbsent</c>, <c>ReadFailed</c>.
    /// </exception>
    public int Read(ulong address, Span<byte> destination, ReadOptions options, List<AbsentRange>? absent = null)
    {
        CheckRange(address, (ulong)destination.Length);
        int done = 0;
        while (done < destination.Length)
        {
            options.Cancellation.ThrowIfCancellationRequested();
            MemoryPiece piece = Locate(address + (ulong)done, (ulong)(destination.Length - done));
            Span<byte> part = destination.Slice(done, (int)piece.Size);
            if (piece.Absence == null && !TryCopy(piece.PhysicalAddress!.Value, part))
            {
                piece = FirstSound(piece, part);
                part = part[..(int)piece.Size];
            }

            if (piece.Absence is { } reason)
            {
                var range = new AbsentRange(piece.Address, piece.Size, reason, piece.PhysicalAddress);
                if (options.Absent == AbsentMemory.Error)
                {
                    throw Absent(range);
                }

                Add(absent, range);
                if (options.Absent == AbsentMemory.Stop)
                {
                    return done;
                }

                part.Fill(options.FillByte);
            }

            done += part.Length;
        }

        return done;
    }

    /// <summary>
    /// Reads bytes block by block, each when it is asked for. Where absent bytes are an error, it comes before the first block. O(pages)
    /// and the bytes; memory is one block.
    /// </summary>
    /// <param name="address">The first address.</param>
    /// <param name="length">How many bytes; they may be more than memory holds.</param>
    /// <param name="blockSize">The size of all blocks but the last, from 1.</param>
    /// <param name="options">What is done about bytes that aren't there.</param>
    /// <returns>The blocks; the last one is shorter where reading stopped, and tells at which range.</returns>
    /// <exception cref="ElfMmuException">
    /// <c>AddressRangeInvalid</c>, <c>MemoryAbsent</c>, <c>ReadFailed</c>.
    /// </exception>
    public IEnumerable<MemoryBlock> ReadBlocks(ulong address, ulong length, int blockSize, ReadOptions options)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(blockSize, 1);
        CheckRange(address, length);
        if (options.Absent == AbsentMemory.Error && length > (ulong)blockSize && FirstAbsent(address, length, options) is { } range)
        {
            throw Absent(range);
        }

        for (ulong done = 0; done < length;)
        {
            byte[] bytes = new byte[(int)Math.Min((ulong)blockSize, length - done)];
            var absent = new List<AbsentRange>();
            int read = Read(address + done, bytes, options, absent);
            bool ends = read < bytes.Length;
            if (ends)
            {
                Array.Resize(ref bytes, read);
            }

            yield return new MemoryBlock(address + done, bytes, absent);
            done += (ulong)read;
            options.Progress?.Invoke(done, length);
            if (ends)
            {
                yield break;
            }
        }
    }

    /// <summary>The first range of absent bytes; null when there is none. O(pages).</summary>
    /// <exception cref="ElfMmuException"><c>AddressRangeInvalid</c>.</exception>
    public AbsentRange? FirstAbsent(ulong address, ulong length, ReadOptions options)
    {
        CheckRange(address, length);
        for (ulong done = 0; done < length;)
        {
            options.Cancellation.ThrowIfCancellationRequested();
            MemoryPiece piece = Locate(address + done, length - done);
            if (piece.Absence is { } reason)
            {
                return new AbsentRange(piece.Address, piece.Size, reason, piece.PhysicalAddress);
            }

            done += piece.Size;
        }

        return null;
    }

    /// <summary>Reads text.</summary>
    /// <param name="address">The address of the first character.</param>
    /// <param name="encoding">How characters are stored.</param>
    /// <param name="length">How many bytes it takes, or may take at most.</param>
    /// <param name="isTerminated">Whether it ends before the first NUL character.</param>
    /// <param name="options">
    /// What is done about bytes that aren't there. Text that ends before them is whole; text that they cut off is given as far as it goes,
    /// unless they are filled in. They are an error only where not even a first character is there.
    /// </param>
    /// <exception cref="ElfMmuException">
    /// <c>AddressRangeInvalid</c>: already the first byte lies past the last address; <c>MemoryAbsent</c>; <c>ReadFailed</c>.
    /// </exception>
    public MemoryText ReadText(ulong address, TextEncoding encoding, int length, bool isTerminated, ReadOptions options)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(length);
        CheckRange(address, 1);

        // The length is a bound: text at the very end of the addresses ends there.
        ulong left = LastAddress - address;
        length = left < (ulong)length ? (int)left + 1 : length;
        var decoder = new TextDecoder(encoding, Model.ByteOrder);
        byte[] bytes = new byte[Math.Min(length, FirstTextBytes)];
        ReadOptions stopping = options.Absent == AbsentMemory.Fill ? options : options with { Absent = AbsentMemory.Stop };
        var absent = new List<AbsentRange>();
        int size = 0;
        int searched = 0;
        MemoryTextEnd end = MemoryTextEnd.Length;
        while (size < length)
        {
            if (size == bytes.Length)
            {
                Array.Resize(ref bytes, (int)Math.Min((long)size * 2, length));
            }

            int wanted = bytes.Length - size;
            int read = Read(address + (ulong)size, bytes.AsSpan(size), stopping, absent);
            size += read;
            if (isTerminated && decoder.Terminator(bytes.AsSpan(searched, size - searched)) is >= 0 and int found)
            {
                (size, end) = (searched + found, MemoryTextEnd.Terminator);
                absent.RemoveAll(a => a.Address - address >= (ulong)size);
                break;
            }

            searched = size / decoder.UnitSize * decoder.UnitSize;
            if (read < wanted)
            {
                end = MemoryTextEnd.Absent;
                break;
            }
        }

        if (end == MemoryTextEnd.Absent && options.Absent == AbsentMemory.Error && size < decoder.UnitSize)
        {
            throw Absent(absent[0]);
        }

        // Half of a character before what is absent says nothing.
        size -= end == MemoryTextEnd.Absent ? size % decoder.UnitSize : 0;
        (string text, bool isValid) = decoder.Decode(bytes.AsSpan(0, size));
        return new MemoryText(address, text, (ulong)size, end, isValid, absent);
    }

    /// <summary>Reads values that follow each other, each when it is asked for; the other parameters are those of blocks.</summary>
    /// <param name="codec">What the values are.</param>
    /// <param name="address">The address of the first one.</param>
    /// <param name="count">How many.</param>
    /// <param name="options">What is done about bytes that aren't there. Reading stops before a value that isn't there whole.</param>
    /// <param name="absent">Counts what isn't there.</param>
    /// <exception cref="ElfMmuException">
    /// <c>AddressRangeInvalid</c>, <c>MemoryAbsent</c>, <c>ReadFailed</c>.
    /// </exception>
    public IEnumerable<(ulong Address, object Value)> ReadValues(
        MemoryValueCodec codec, ulong address, ulong count, ReadOptions options, AbsentTally? absent = null)
    {
        return ReadItems(address, (ulong)codec.Size, count, options, absent).Select(i => (i.Address, codec.Decode(i.Bytes.Span)));
    }

    /// <summary>Reads things of one size that follow each other, each when it is asked for.</summary>
    /// <param name="address">The address of the first one.</param>
    /// <param name="size">The size of each, from 1.</param>
    /// <param name="count">How many.</param>
    /// <param name="options">What is done about bytes that aren't there. Reading stops before one that isn't there whole.</param>
    /// <param name="absent">Counts what isn't there.</param>
    /// <returns>Address and bytes; the bytes are good until the next one is asked for.</returns>
    /// <exception cref="ElfMmuException">
    /// <c>AddressRangeInvalid</c>, <c>MemoryAbsent</c>, <c>ReadFailed</c>.
    /// </exception>
    public IEnumerable<(ulong Address, ReadOnlyMemory<byte> Bytes)> ReadItems(
        ulong address, ulong size, ulong count, ReadOptions options, AbsentTally? absent = null)
    {
        ArgumentOutOfRangeException.ThrowIfZero(size);
        UInt128 length = (UInt128)size * count;
        if (length > ulong.MaxValue)
        {
            throw OutOfRange(address, length);
        }

        int most = (int)Math.Max(size, ItemBytes / size * size);
        foreach (MemoryBlock block in ReadBlocks(address, (ulong)length, most, options))
        {
            foreach (AbsentRange range in block.Absent)
            {
                absent?.Add(range);
            }

            for (ulong at = 0; size <= (ulong)block.Bytes.Length - at; at += size)
            {
                yield return (block.Address + at, block.Bytes.AsMemory((int)at, (int)size));
            }
        }
    }

    private ElfMmuException OutOfRange(ulong address, UInt128 length) => new(
        "AddressRangeInvalid",
        ErrorKind.InvalidArgument,
        $"0x{length:x} bytes from {Name(address)} on go past the last address, 0x{LastAddress:x}"
        + (IsPhysical ? "." : $" in mode {Space.Mode.Name}.") + " Give an address and a length within.");

    /// <summary>The error of a range that isn't there.</summary>
    internal ElfMmuException Absent(in AbsentRange range) => new(
        "MemoryAbsent",
        ErrorKind.NotFound,
        $"There are no bytes at {Name(range.Address)} in '{Dump.Identity.Path}': {range.Why}. Absent bytes can be filled in, or reading "
        + "can stop before them.")
    { Path = Dump.Identity.Path };

    /// <summary>An address in words.</summary>
    internal string Name(ulong address) => $"{(IsPhysical ? "physical" : "virtual")} 0x{address:x}";

    /// <summary>Adds a range, fused with the one before if it goes on.</summary>
    private static void Add(List<AbsentRange>? absent, in AbsentRange range)
    {
        if (absent is { Count: > 0 } && absent[^1] is var previous && previous.IsFollowedBy(range))
        {
            absent[^1] = previous with { Size = previous.Size + range.Size };
            return;
        }

        absent?.Add(range);
    }

    /// <summary>The same for one page.</summary>
    private MemoryPiece First(ulong address, ulong most)
    {
        if (_translator == null)
        {
            return Behind(address, address, most);
        }

        most = Math.Min(most, (_pageMask - (address & _pageMask)) + 1);
        Translation translation = _translator.Translate(address);
        return translation.Status switch
        {
            TranslationStatus.Mapped => Behind(address, translation.PhysicalAddress, most),
            TranslationStatus.NotPresent => new MemoryPiece(address, most, null, AbsenceReason.NotMapped),
            TranslationStatus.Reserved => new MemoryPiece(address, most, null, AbsenceReason.Reserved),
            TranslationStatus.TableAbsent => new MemoryPiece(address, most, null, AbsenceReason.TableAbsent),
            _ => new MemoryPiece(address, most, null, AbsenceReason.NotTranslated),
        };
    }

    /// <summary>What stands behind a physical address.</summary>
    private MemoryPiece Behind(ulong address, ulong physical, ulong most)
    {
        if (Dump.Memory.TryFind(physical, ref _run))
        {
            PhysicalRun run = Dump.Memory.Runs[_run];
            return new MemoryPiece(address, Math.Min(most, run.Size - (physical - run.Start)), physical, null);
        }

        RegionKind kind = Dump.Map.Lookup(physical, ref _region, out ulong last);
        AbsenceReason reason = kind == RegionKind.Device ? AbsenceReason.Device : AbsenceReason.NotInDump;
        return new MemoryPiece(address, Math.Min(most - 1, last - physical) + 1, physical, reason);
    }

    /// <summary>
    /// Of a piece that is damaged somewhere, what is sound from its start on; or where it is damaged there, what is. In steps of a page of 4 KiB:
    /// O(bytes up to where that changes).
    /// </summary>
    private MemoryPiece FirstSound(in MemoryPiece piece, Span<byte> destination)
    {
        const int Step = 4096;
        ulong physical = piece.PhysicalAddress!.Value;
        bool isSound = false;
        int done = 0;
        while (done < destination.Length)
        {
            int size = Math.Min(Step - (int)((physical + (ulong)done) % Step), destination.Length - done);
            bool isNext = TryCopy(physical + (ulong)done, destination.Slice(done, size));
            if (done > 0 && isNext != isSound)
            {
                break;
            }

            isSound = isNext;
            done += size;
        }

        return piece with { Size = (ulong)done, Absence = isSound ? null : AbsenceReason.Damaged };
    }

    /// <summary>Copies bytes that lie together in the dump.</summary>
    /// <returns>False when some of them are damaged; the destination's content is undefined then.</returns>
    private bool TryCopy(ulong physical, Span<byte> destination)
    {
        while (!destination.IsEmpty)
        {
            if (!Dump.Memory.TryFind(physical, ref _run))
            {
                throw new InvalidOperationException($"0x{physical:x} was in the dump a moment ago.");
            }

            PhysicalRun run = Dump.Memory.Runs[_run];
            ulong within = physical - run.Start;
            int size = (int)Math.Min(run.Size - within, (ulong)destination.Length);
            if (size >= LargePiece)
            {
                run.Source.CheckLength();
            }

            if (!run.Source.TryRead(run.Offset + within, destination[..size]))
            {
                return false;
            }

            physical += (ulong)size;
            destination = destination[size..];
        }

        return true;
    }
}
