using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using ElfMmu.Memory;

namespace ElfMmu.Paging;

/// <summary>Reads single entries of tables, wherever in the dump they are. For one thread.</summary>
internal unsafe struct EntryReader
{
    private readonly PhysicalMemory _memory;
    private readonly bool _swapped;
    private int _hint;

    /// <summary>Makes a reader.</summary>
    /// <param name="request">The memory, and the order of bytes in the tables.</param>
    public EntryReader(WalkRequest request)
    {
        _memory = request.Memory;
        _swapped = request.Options.ByteOrder == ByteOrder.Big;
    }

    /// <summary>A whole table in place; null where it has to be read entry by entry.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public byte* InPlace(ulong table, int size) => _memory.InPlace(table, size, ref _hint);

    /// <summary>Whether the dump has anything of a stretch.</summary>
    public bool HasAny(ulong address, int size)
    {
        byte[] buffer = GC.AllocateUninitializedArray<byte>(size);
        fixed (byte* bytes = buffer)
        {
            return _memory.FetchPart(address, size, bytes, ref _hint);
        }
    }

    /// <summary>Whether the dump has all of a stretch.</summary>
    public bool HasAll(ulong address, int size)
    {
        ulong last = address + (ulong)(size - 1);
        while (_memory.TryFind(address, ref _hint))
        {
            ulong end = _memory.Runs[_hint].Last;
            if (end >= last)
            {
                return true;
            }

            address = end + 1;
        }

        return false;
    }

    /// <summary>An entry of a table in place.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly ulong At(byte* table, int index, int sizeShift)
    {
        if (sizeShift == 3)
        {
            ulong wide = ((ulong*)table)[index];
            return _swapped ? BinaryPrimitives.ReverseEndianness(wide) : wide;
        }

        uint narrow = ((uint*)table)[index];
        return _swapped ? BinaryPrimitives.ReverseEndianness(narrow) : narrow;
    }

    /// <summary>Reads an entry; of one that is cut off by the end of the dump's memory the rest is zeros, as for a walk.</summary>
    /// <returns>False when the dump has nothing of it.</returns>
    /// <exception cref="ElfMmuException"><c>ReadFailed</c>.</exception>
    public bool TryRead(ulong address, int sizeShift, out ulong entry)
    {
        ulong buffer = 0;
        byte* bytes = _memory.InPlace(address, 1 << sizeShift, ref _hint);
        if (bytes == null)
        {
            bytes = (byte*)&buffer;
            if (!_memory.FetchPart(address, 1 << sizeShift, bytes, ref _hint))
            {
                entry = 0;
                return false;
            }
        }

        entry = At(bytes, 0, sizeShift);
        return true;
    }
}
