using System.Buffers.Binary;
using System.Text;

namespace ElfMmu.Tests.Dumps.Windows;

/// <summary>
/// Writes Windows crash dumps from the public layouts (DUMP_HEADER32 and DUMP_HEADER64 of the Windows SDK, the bitmaps as Volatility 3 and LeechCore
/// read them, the ranges as kdmp-parser does), with none of the reader's own tables.
/// </summary>
internal sealed record WindowsDumpFile
{
    /// <summary>Whether it is a DUMP64.</summary>
    public bool Wide { get; init; } = true;

    public uint Type { get; init; } = 1;

    public ushort Machine { get; init; } = 0x8664;

    public ulong Root { get; init; }

    public bool Pae { get; init; }

    /// <summary>The memory: first page and bytes.</summary>
    public required IReadOnlyList<(ulong Page, byte[] Bytes)> Runs { get; init; }

    /// <summary>The context record; see <see cref="Context"/>.</summary>
    public byte[] ContextRecord { get; init; } = [];

    public uint Processors { get; init; } = 1;

    public ulong DebuggerData { get; init; }

    /// <summary>The other pointers of the header.</summary>
    public ulong KernelPointer { get; init; } = 0xffff_f802_1234_5000;

    public string Comment { get; init; } = "";

    public uint Attributes { get; init; }

    public uint Build { get; init; } = 19045;

    public DateTime Time { get; init; } = new(2024, 2, 29, 12, 30, 15, DateTimeKind.Utc);

    public TimeSpan UpTime { get; init; } = new(3, 4, 5, 6, 700);

    /// <summary>What is changed in the finished header and tables.</summary>
    public Action<byte[]>? Spoil { get; init; }

    /// <summary>Whether a bitmap has the header of the first dumps that had one (SUMMARY_DUMP32, SUMMARY_DUMP64).</summary>
    public bool OldBitmap { get; init; }

    public int HeaderSize => Wide ? 0x2000 : 0x1000;

    /// <summary>Splits memory that begins at an address into runs of so many pages each, and the last of what is left.</summary>
    public static IReadOnlyList<(ulong Page, byte[] Bytes)> Split(byte[] memory, ulong start, params int[] pages)
    {
        var runs = new List<(ulong, byte[])>();
        int at = 0;
        foreach (int count in pages)
        {
            runs.Add(((start + (ulong)at) >> 12, memory.AsSpan(at, count * 4096).ToArray()));
            at += count * 4096;
        }

        runs.Add(((start + (ulong)at) >> 12, memory[at..]));
        return runs;
    }

    /// <summary>A context record of x86-64 with every group of registers.</summary>
    public static byte[] Context64(ulong rip, ulong rsp, ulong first)
    {
        byte[] context = new byte[0x4d0];
        BinaryPrimitives.WriteUInt32LittleEndian(context.AsSpan(0x30), 0x0010_001f);
        ushort[] segments = [0x10, 0x2b, 0x2b, 0x53, 0x2b, 0x18];
        for (int i = 0; i < 6; i++)
        {
            BinaryPrimitives.WriteUInt16LittleEndian(context.AsSpan(0x38 + (2 * i)), segments[i]);
        }

        BinaryPrimitives.WriteUInt32LittleEndian(context.AsSpan(0x44), 0x246);
        for (int i = 0; i < 16; i++)
        {
            BinaryPrimitives.WriteUInt64LittleEndian(context.AsSpan(0x78 + (8 * i)), first + (ulong)i);
        }

        BinaryPrimitives.WriteUInt64LittleEndian(context.AsSpan(0x98), rsp);
        BinaryPrimitives.WriteUInt64LittleEndian(context.AsSpan(0xf8), rip);
        return context;
    }

    public byte[] Bytes()
    {
        byte[] header = Header();
        byte[] tables = Type switch
        {
            1 => [],
            2 or 5 or 6 or 7 => Bitmap(),
            8 or 9 or 10 => Ranges(),
            _ => [],
        };
        byte[] front = [.. header, .. tables];
        Spoil?.Invoke(front);
        return [.. front, .. Ordered().SelectMany(r => r.Bytes)];
    }

    /// <summary>Bitmaps know no order but the ascending one.</summary>
    private IEnumerable<(ulong Page, byte[] Bytes)> Ordered() => Type is 2 or 5 or 6 or 7 ? Runs.OrderBy(r => r.Page) : Runs;

    private byte[] Header()
    {
        byte[] header = new byte[HeaderSize];
        for (int i = 0; i < header.Length; i += 4)
        {
            "PAGE"u8.CopyTo(header.AsSpan(i));
        }

        (Wide ? "DU64"u8 : "DUMP"u8).CopyTo(header.AsSpan(4));
        Number(8, 15);
        Number(12, Build);
        Pointer(0x10, Root);
        int[] pointers = Wide ? [0x18, 0x20, 0x28] : [0x14, 0x18, 0x1c];
        for (int i = 0; i < 3; i++)
        {
            Pointer(pointers[i], KernelPointer + (ulong)(0x100 * i));
        }

        Number(Wide ? 0x30 : 0x20, Machine);
        Number(Wide ? 0x34 : 0x24, Processors);
        Number(Wide ? 0x38 : 0x28, 0xd1);
        for (int i = 0; i < 4; i++)
        {
            Pointer((Wide ? 0x40 : 0x2c) + (i * (Wide ? 8 : 4)), 0x1000 + (ulong)i);
        }

        if (!Wide)
        {
            header[0x5c] = (byte)(Pae ? 1 : 0);
        }

        Pointer(Wide ? 0x80 : 0x60, DebuggerData);
        if (Type == 1)
        {
            Number(Wide ? 0x88 : 0x64, (uint)Runs.Count);
            Pointer(Wide ? 0x90 : 0x68, Pages());
            for (int i = 0; i < Runs.Count; i++)
            {
                int at = Wide ? 0x98 + (16 * i) : 0x6c + (8 * i);
                Pointer(at, Runs[i].Page);
                Pointer(at + (Wide ? 8 : 4), (ulong)Runs[i].Bytes.Length / 4096);
            }
        }

        ContextRecord.CopyTo(header.AsSpan(Wide ? 0x348 : 0x320));
        Number(Wide ? 0xf00 : 0x7d0, 0x8000_0003);
        Pointer(Wide ? 0xf10 : 0x7dc, 0x7777);
        Number(Wide ? 0xf98 : 0xf88, Type);
        Long(Wide ? 0xfa8 : 0xfc0, (ulong)Time.ToFileTimeUtc());
        Long(Wide ? 0x1030 : 0xfb8, (ulong)UpTime.Ticks);
        if (Comment.Length > 0)
        {
            Encoding.Latin1.GetBytes(Comment + '\0').CopyTo(header.AsSpan(Wide ? 0xfb0 : 0x820));
        }

        Number(Wide ? 0x1040 : 0xf94, 3);
        Number(Wide ? 0x1044 : 0xf98, 0x110);
        Number(Wide ? 0x1050 : 0x8a0, Attributes);
        return header;

        void Number(int at, uint value) => BinaryPrimitives.WriteUInt32LittleEndian(header.AsSpan(at), value);
        void Long(int at, ulong value) => BinaryPrimitives.WriteUInt64LittleEndian(header.AsSpan(at), value);
        void Pointer(int at, ulong value)
        {
            if (Wide)
            {
                Long(at, value);
            }
            else
            {
                Number(at, (uint)value);
            }
        }
    }

    private ulong Pages() => (ulong)Runs.Sum(r => r.Bytes.Length / 4096);

    private byte[] Bitmap()
    {
        ulong bits = Runs.Max(r => r.Page + ((ulong)r.Bytes.Length / 4096)) + 3;
        int start = !OldBitmap ? 0x38 : Wide ? 0x28 : 0x20;
        int size = (start + (int)((bits + 7) / 8) + 0xfff) & ~0xfff;
        byte[] table = new byte[size];
        (Type == 6 ? "FDMPDUMP"u8 : "SDMPDUMP"u8).CopyTo(table);
        ulong first = (ulong)(HeaderSize + size);
        if (OldBitmap)
        {
            BinaryPrimitives.WriteUInt32LittleEndian(table.AsSpan(0xc), (uint)first);
            BinaryPrimitives.WriteUInt32LittleEndian(table.AsSpan(0x10), (uint)bits);
            BinaryPrimitives.WriteUInt32LittleEndian(table.AsSpan(0x14), (uint)Pages());
            BinaryPrimitives.WriteUInt32LittleEndian(table.AsSpan(0x18), (uint)bits);
        }
        else
        {
            BinaryPrimitives.WriteUInt64LittleEndian(table.AsSpan(0x20), first);
            BinaryPrimitives.WriteUInt64LittleEndian(table.AsSpan(0x28), Pages());
            BinaryPrimitives.WriteUInt64LittleEndian(table.AsSpan(0x30), bits);
        }

        foreach ((ulong page, byte[] bytes) in Runs)
        {
            for (int i = 0; i < bytes.Length / 4096; i++)
            {
                int bit = (int)page + i;
                table[start + (bit / 8)] |= (byte)(1 << (bit % 8));
            }
        }

        return table;
    }

    private byte[] Ranges()
    {
        int size = (0x30 + (16 * (Runs.Count + 1)) + 0xfff) & ~0xfff;
        byte[] table = new byte[size];
        BinaryPrimitives.WriteUInt32LittleEndian(table, 0x40);
        "RDMPDUMP"u8.CopyTo(table.AsSpan(4));
        BinaryPrimitives.WriteUInt64LittleEndian(table.AsSpan(0x10), (ulong)size - 0x20);
        BinaryPrimitives.WriteUInt64LittleEndian(table.AsSpan(0x18), (ulong)(HeaderSize + size));
        if (Type == 10)
        {
            BinaryPrimitives.WriteUInt32LittleEndian(table.AsSpan(0x20), (uint)Runs.Count);
            BinaryPrimitives.WriteUInt64LittleEndian(table.AsSpan(0x28), Pages());
        }

        for (int i = 0; i < Runs.Count; i++)
        {
            BinaryPrimitives.WriteUInt64LittleEndian(table.AsSpan(0x30 + (16 * i)), Runs[i].Page);
            BinaryPrimitives.WriteUInt64LittleEndian(table.AsSpan(0x38 + (16 * i)), (ulong)Runs[i].Bytes.Length / 4096);
        }

        return table;
    }
}
