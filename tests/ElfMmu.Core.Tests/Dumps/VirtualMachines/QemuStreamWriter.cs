using System.Buffers.Binary;
using System.Text;

namespace ElfMmu.Tests.Dumps.VirtualMachines;

/// <summary>Writes QEMU's stream by its layout: a PC's configuration, and the pages of its RAM in any order, as often as one likes.</summary>
internal sealed class QemuStreamWriter
{
    public const int PageSize = 4096;

    private readonly List<byte> _pages = [];
    private readonly List<byte> _configuration = [];
    private bool _isNamed;

    /// <summary>Sends a page; one of zeros as such.</summary>
    public QemuStreamWriter Page(int number, ReadOnlySpan<byte> page)
    {
        bool isZero = !page.ContainsAnyExcept((byte)0);
        Long(_pages, ((ulong)number * PageSize) | (isZero ? 2u : 8u) | (_isNamed ? 0x20u : 0));
        if (!_isNamed)
        {
            Name(_pages, "pc.ram");
            _isNamed = true;
        }

        _pages.AddRange(isZero ? [0] : page);
        return this;
    }

    /// <summary>Says that there are so many capabilities, and names some.</summary>
    public QemuStreamWriter Capabilities(uint count, params string[] names)
    {
        _configuration.Add(5);
        Name(_configuration, "configuration/capabilities");
        Word(_configuration, 1);
        Word(_configuration, count);
        foreach (string name in names)
        {
            Name(_configuration, name);
        }

        return this;
    }

    /// <summary>The whole.</summary>
    /// <param name="count">How many pages the RAM has.</param>
    public byte[] Build(int count)
    {
        const string Machine = "pc-i440fx-7.2";
        ulong size = (ulong)count * PageSize;
        List<byte> all = [.. "QEVM"u8];
        Word(all, 3);
        all.Add(7);
        Word(all, (uint)Machine.Length);
        all.AddRange(Encoding.ASCII.GetBytes(Machine));
        all.AddRange(_configuration);
        all.Add(1);
        Word(all, 2);
        Name(all, "ram");
        Word(all, 0);
        Word(all, 4);
        Long(all, size | 4);
        Name(all, "pc.ram");
        Long(all, size);
        End(all);
        all.Add(3);
        Word(all, 2);
        all.AddRange(_pages);
        End(all);
        all.Add(0);
        return [.. all];
    }

    private static void End(List<byte> bytes)
    {
        Long(bytes, 0x10);
        bytes.Add(0x7e);
        Word(bytes, 2);
    }

    private static void Name(List<byte> bytes, string name)
    {
        bytes.Add((byte)name.Length);
        bytes.AddRange(Encoding.ASCII.GetBytes(name));
    }

    private static void Word(List<byte> bytes, uint value)
    {
        Span<byte> big = stackalloc byte[4];
        BinaryPrimitives.WriteUInt32BigEndian(big, value);
        bytes.AddRange(big);
    }

    private static void Long(List<byte> bytes, ulong value)
    {
        Span<byte> big = stackalloc byte[8];
        BinaryPrimitives.WriteUInt64BigEndian(big, value);
        bytes.AddRange(big);
    }
}
