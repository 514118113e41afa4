using System.Buffers.Binary;

namespace ElfMmu.Tests.Spaces;

/// <summary>Tables of one stage as they are written, entry by entry.</summary>
/// <param name="format">How entries look.</param>
/// <param name="root">The address of the top table.</param>
/// <param name="newTable">Gives the address of an empty table.</param>
/// <param name="bytes">The bytes of the machine from an address on, in this stage's own addresses.</param>
internal sealed class StageTables(StageFormat format, ulong root, Func<ulong> newTable, Func<ulong, Memory<byte>> bytes)
{
    private readonly Dictionary<(ulong Table, int Index), ulong> _children = [];

    public StageFormat Format => format;

    public ulong Root => root;

    /// <summary>Maps a page of 4 KiB (height 0), 2 MiB (1) or 1 GiB (2).</summary>
    public void Map(ulong address, int height, ulong target, Rights rights, bool user) =>
        Put(address, height, format.Leaf(target, rights, user, height > 0));

    /// <summary>Points to a table wherever it may be; height is that of the entry.</summary>
    public void Point(ulong address, int height, ulong table) => Put(address, height, format.Pointer(table));

    private void Put(ulong address, int height, ulong entry)
    {
        ulong table = root;
        for (int above = format.Levels - 1; above > height; above--)
        {
            int index = Index(address, above);
            if (!_children.TryGetValue((table, index), out ulong child))
            {
                child = newTable();
                _children[(table, index)] = child;
                Write(table, index, format.Pointer(child));
            }

            table = child;
        }

        Write(table, Index(address, height), entry);
    }

    // A top table of more than a page lies in one piece wherever it is used here.
    private void Write(ulong table, int index, ulong entry) =>
        BinaryPrimitives.WriteUInt64LittleEndian(bytes(table).Span[(index * 8)..], entry);

    private int Index(ulong address, int height) =>
        (int)(address >> (12 + (9 * height))) & ((1 << (height == format.Levels - 1 ? format.TopBits : 9)) - 1);
}
