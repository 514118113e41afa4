using System.Buffers.Binary;

namespace ElfMmu.Elf;

/// <summary>
/// The note in which QEMU's dump-guest-memory keeps what NT_PRSTATUS has no room for: x86 control registers, segments and
/// table bases (QEMU, target/i386/arch_dump.c, struct QEMUX86CPUState). Name QEMU, type 0, always little-endian; written
/// for x86 guests only.
/// </summary>
public static class QemuCpuNote
{
    /// <summary>The note's name.</summary>
    public const string Name = "QEMU";

    /// <summary>The note's type.</summary>
    public const uint Type = 0;

    /// <summary>The bit of "cs.flags" that says 64-bit code (the descriptor's L bit); the note has no EFER.</summary>
    public const ulong LongModeFlag = 1 << 21;

    // The only version so far; another one would mean another layout.
    private const uint Version = 1;

    // Up to cr4, and with the kernel_gs_base that was added later.
    private const int SmallSize = 432;
    private const int FullSize = 440;

    private static readonly (string Name, int Offset)[] Numbers =
    [
        ("rax", 8), ("rbx", 16), ("rcx", 24), ("rdx", 32), ("rsi", 40), ("rdi", 48), ("rsp", 56), ("rbp", 64),
        ("r8", 72), ("r9", 80), ("r10", 88), ("r11", 96), ("r12", 104), ("r13", 112), ("r14", 120), ("r15", 128),
        ("rip", 136), ("eflags", 144),
        ("cr0", 392), ("cr1", 400), ("cr2", 408), ("cr3", 416), ("cr4", 424),
    ];

    // 24 bytes each: selector, limit, flags and padding as 32-bit numbers, then a 64-bit base.
    private static readonly (string Name, int Offset)[] Segments =
    [
        ("cs", 152), ("ds", 176), ("es", 200), ("fs", 224), ("gs", 248), ("ss", 272), ("ldt", 296), ("tr", 320),
    ];

    private static readonly (string Name, int Offset)[] Tables = [("gdt", 344), ("idt", 368)];

    /// <summary>Whether a note is one by its name and type.</summary>
    /// <param name="note">The note.</param>
    public static bool Is(ElfNote note)
    {
        ArgumentNullException.ThrowIfNull(note);
        return note is { Name: Name, Type: Type };
    }

    /// <summary>
    /// Reads the registers: rax to r15, rip, eflags; for cs ds es fs gs ss ldt tr the selector under the name itself, and
    /// name_base, name.limit and name.flags; gdt_base, gdt.limit, idt_base, idt.limit; cr0 to cr4; and kernel_gs_base where the
    /// note has it.
    /// </summary>
    /// <param name="description">The note's description: 432 bytes or more.</param>
    /// <param name="registers">Receives them; what it holds under other names stays.</param>
    /// <returns>False, with nothing changed, if it is too short, or of a version that isn't known.</returns>
    public static bool TryDecode(ReadOnlySpan<byte> description, IDictionary<string, ulong> registers)
    {
        ArgumentNullException.ThrowIfNull(registers);
        if (description.Length < SmallSize || BinaryPrimitives.ReadUInt32LittleEndian(description) != Version)
        {
            return false;
        }

        var size = Math.Min(BinaryPrimitives.ReadUInt32LittleEndian(description[4..]), (uint)description.Length);
        if (size < SmallSize)
        {
            return false;
        }

        foreach (var (name, offset) in Numbers)
        {
            registers[name] = BinaryPrimitives.ReadUInt64LittleEndian(description[offset..]);
        }

        foreach (var (name, offset) in Segments)
        {
            registers[name] = BinaryPrimitives.ReadUInt32LittleEndian(description[offset..]);
            registers[name + ".limit"] = BinaryPrimitives.ReadUInt32LittleEndian(description[(offset + 4)..]);
            registers[name + ".flags"] = BinaryPrimitives.ReadUInt32LittleEndian(description[(offset + 8)..]);
            registers[name + "_base"] = BinaryPrimitives.ReadUInt64LittleEndian(description[(offset + 16)..]);
        }

        foreach (var (name, offset) in Tables)
        {
            registers[name + ".limit"] = BinaryPrimitives.ReadUInt32LittleEndian(description[(offset + 4)..]);
            registers[name + "_base"] = BinaryPrimitives.ReadUInt64LittleEndian(description[(offset + 16)..]);
        }

        if (size >= FullSize)
        {
            registers["kernel_gs_base"] = BinaryPrimitives.ReadUInt64LittleEndian(description[SmallSize..]);
        }

        return true;
    }

    /// <summary>Writes a note's description of version 1, with kernel_gs_base: the reverse of <see cref="TryDecode"/>.</summary>
    /// <param name="registers">The registers by the names that <see cref="TryDecode"/> gives them; one that is missing is 0. Of numbers that
    /// are wider than their field, the low bits are taken.</param>
    /// <returns>The description, 440 bytes.</returns>
    public static byte[] Encode(IReadOnlyDictionary<string, ulong> registers)
    {
        ArgumentNullException.ThrowIfNull(registers);
        var note = new byte[FullSize];
        BinaryPrimitives.WriteUInt32LittleEndian(note, Version);
        BinaryPrimitives.WriteUInt32LittleEndian(note.AsSpan(4), FullSize);
        foreach (var (name, offset) in Numbers)
        {
            BinaryPrimitives.WriteUInt64LittleEndian(note.AsSpan(offset), Value(name));
        }

        foreach (var (name, offset) in Segments.Concat(Tables))
        {
            BinaryPrimitives.WriteUInt32LittleEndian(note.AsSpan(offset), (uint)Value(name));
            BinaryPrimitives.WriteUInt32LittleEndian(note.AsSpan(offset + 4), (uint)Value(name + ".limit"));
            BinaryPrimitives.WriteUInt32LittleEndian(note.AsSpan(offset + 8), (uint)Value(name + ".flags"));
            BinaryPrimitives.WriteUInt64LittleEndian(note.AsSpan(offset + 16), Value(name + "_base"));
        }

        BinaryPrimitives.WriteUInt64LittleEndian(note.AsSpan(SmallSize), Value("kernel_gs_base"));
        return note;

        ulong Value(string name) => registers.TryGetValue(name, out var value) ? value : 0;
    }
}
