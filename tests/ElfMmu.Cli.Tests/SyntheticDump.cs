using System.Buffers.Binary;

namespace ElfMmu.Cli.Tests;

/// <summary>
/// A raw image of x86-64 RAM with a few page tables, and whatever a test wants beside it, in a folder of its own. The root is
/// 0x1000, the mode ia32e.
/// </summary>
public sealed class SyntheticDump : IDisposable
{
    public const string Root = "0x1000";
    public const ulong User = 7;
    public const ulong Supervisor = 3;
    public const ulong ReadOnly = 5;
    public const ulong NoExecute = 1UL << 63;
    public const ulong Large = 0x80;

    private readonly byte[] _memory;
    private ulong _nextTable = 0x2000;

    public SyntheticDump(int size = 1 << 20)
    {
        _memory = new byte[size];
        Folder = Directory.CreateTempSubdirectory("elfmmu-cli-").FullName;
    }

    public string Folder { get; }

    /// <summary>The raw image; written by <see cref="Save"/>.</summary>
    public string Path => File("memory.raw");

    /// <summary>The mappings most tests use: one of every kind.</summary>
    public static SyntheticDump Typical()
    {
        var dump = new SyntheticDump();
        dump.Map(0x40_0000, 0x8_0000, ReadOnly);
        dump.Map(0x40_1000, 0x8_1000, ReadOnly);
        dump.Map(0x60_0000, 0x9_0000, User | NoExecute);
        dump.Map(0x60_1000, 0x9_2000, User | NoExecute);
        dump.Map(0x70_0000, 0xfec0_0000, User | NoExecute);
        dump.Map(0xffff_8000_0000_0000, 0x8_0000, Supervisor);
        dump.Map(0xffff_8000_0000_1000, 0xa_0000, Supervisor | NoExecute);
        dump.Fill(0x8_0000, 0x2000, 0xc3);
        dump.Save();
        return dump;
    }

    /// <summary>A path in the folder.</summary>
    public string File(string name) => System.IO.Path.Combine(Folder, name);

    public string WriteText(string name, string text)
    {
        System.IO.File.WriteAllText(File(name), text);
        return File(name);
    }

    /// <summary>Maps a page of 4 KiB.</summary>
    public void Map(ulong address, ulong physical, ulong flags)
    {
        ulong table = 0x1000;
        for (int shift = 39; shift > 12; shift -= 9)
        {
            ulong slot = Slot(table, address, shift);
            if (Read(slot) == 0)
            {
                Write(slot, _nextTable | User);
                _nextTable += 0x1000;
            }

            table = Read(slot) & 0x000f_ffff_ffff_f000;
        }

        Write(Slot(table, address, 12), physical | flags);
    }

    /// <summary>Writes an entry.</summary>
    public void Write(ulong address, ulong value) =>
        BinaryPrimitives.WriteUInt64LittleEndian(_memory.AsSpan((int)address), value);

    public void Fill(int start, int size, byte value) => _memory.AsSpan(start, size).Fill(value);

    public SyntheticDump Save()
    {
        System.IO.File.WriteAllBytes(Path, _memory);
        return this;
    }

    public void Dispose() => Directory.Delete(Folder, recursive: true);

    private static ulong Slot(ulong table, ulong address, int shift) => table + (((address >> shift) & 511) * 8);

    private ulong Read(ulong address) => BinaryPrimitives.ReadUInt64LittleEndian(_memory.AsSpan((int)address));
}
