using System.Buffers.Binary;
using System.Globalization;
using System.Text.RegularExpressions;

namespace ElfMmu.Dumps;

/// <summary>
/// Reads CONTEXT records, the registers of a processor as Windows keeps them. Flags in the record say which groups of registers are set.
/// </summary>
/// <remarks>winnt.h of the Windows SDK, CONTEXT of each architecture.</remarks>
internal sealed partial class WindowsContext
{
    private const uint Control = 1;
    private const uint Integer = 2;
    private const uint Segments = 4;
    private const uint Debug = 0x10;

    private static readonly WindowsContext X64 = new(0x0010_0000, 0x30, 0x4d0, 8,
    [
        (Control, "cs@38:2 ss@42:2 eflags@44:4 rsp@98 rip@f8"),
        (Integer, "rax@78 rcx@80 rdx@88 rbx@90 rbp@a0 rsi@a8 rdi@b0 r8@b8 r9@c0 r10@c8 r11@d0 r12@d8 r13@e0 r14@e8 r15@f0"),
        (Segments, "ds@3a:2 es@3c:2 fs@3e:2 gs@40:2"),
        (Debug, "dr0@48 dr1@50 dr2@58 dr3@60 dr6@68 dr7@70"),
    ]);

    private static readonly WindowsContext X86 = new(0x0001_0000, 0, 0xcc, 4,
    [
        (Control, "ebp@b4 eip@b8 cs@bc:2 eflags@c0 esp@c4 ss@c8:2"),
        (Integer, "edi@9c esi@a0 ebx@a4 edx@a8 ecx@ac eax@b0"),
        (Segments, "gs@8c:2 fs@90:2 es@94:2 ds@98:2"),
        (Debug, "dr0@4 dr1@8 dr2@c dr3@10 dr6@14 dr7@18"),
    ]);

    private static readonly WindowsContext Arm64 = new(0x0040_0000, 0, 0x390, 8,
    [
        (Control, "pstate@4:4 x29@f0 x30@f8 sp@100 pc@108"),
        (Integer, string.Join(' ', Enumerable.Range(0, 29).Select(i => $"x{i}@{8 + (8 * i):x}"))),
    ]);

    private static readonly WindowsContext Arm = new(0x0020_0000, 0, 0x48, 4,
    [
        (Control, "sp@38 lr@3c pc@40 cpsr@44"),
        (Integer, string.Join(' ', Enumerable.Range(0, 13).Select(i => $"r{i}@{4 + (4 * i):x}"))),
    ]);

    private readonly uint _architecture;
    private readonly int _flagsAt;
    private readonly (uint Group, string Name, int Offset, int Size)[] _registers;

    private WindowsContext(uint architecture, int flagsAt, int size, int registerSize, (uint Group, string Registers)[] groups)
    {
        _architecture = architecture;
        _flagsAt = flagsAt;
        Size = size;
        _registers =
        [
            .. groups.SelectMany(g => Register().Matches(g.Registers).Select(m => (
                g.Group,
                m.Groups[1].Value,
                int.Parse(m.Groups[2].ValueSpan, NumberStyles.HexNumber, CultureInfo.InvariantCulture),
                m.Groups[3].Success ? int.Parse(m.Groups[3].ValueSpan, CultureInfo.InvariantCulture) : registerSize))),
        ];
    }

    /// <summary>How many bytes of a record are read.</summary>
    public int Size { get; }

    /// <summary>The layout for a machine; null for none.</summary>
    public static WindowsContext? For(ushort machine) => machine switch
    {
        WindowsMachine.Amd64 => X64,
        WindowsMachine.I386 => X86,
        WindowsMachine.Arm64 => Arm64,
        WindowsMachine.Arm or WindowsMachine.ArmThumb => Arm,
        _ => null,
    };

    /// <summary>The registers that are set in a record, under the names of our own notes; none where it isn't one of this architecture.</summary>
    /// <param name="record">At least <see cref="Size"/> bytes.</param>
    public Dictionary<string, ulong> Read(ReadOnlySpan<byte> record)
    {
        var registers = new Dictionary<string, ulong>(StringComparer.OrdinalIgnoreCase);
        uint flags = BinaryPrimitives.ReadUInt32LittleEndian(record[_flagsAt..]);
        const uint Architectures = 0x00ff_0000;
        if ((flags & Architectures) != _architecture)
        {
            return registers;
        }

        foreach ((uint group, string name, int offset, int size) in _registers)
        {
            if ((flags & group) != 0)
            {
                registers[name] = size switch
                {
                    2 => BinaryPrimitives.ReadUInt16LittleEndian(record[offset..]),
                    4 => BinaryPrimitives.ReadUInt32LittleEndian(record[offset..]),
                    _ => BinaryPrimitives.ReadUInt64LittleEndian(record[offset..]),
                };
            }
        }

        return registers;
    }

    // A name, its offset in hexadecimal, and its size where it isn't the usual one.
    [GeneratedRegex("([a-z0-9]+)@([0-9a-f]+)(?::([0-9]))?")]
    private static partial Regex Register();
}
