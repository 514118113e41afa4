using System.Buffers.Binary;
using ElfMmu.Elf;

namespace ElfMmu.Dumps;

/// <summary>The registers of a Xen domain's processors: an array of vcpu_guest_context, in the layout of 64-bit or of 32-bit x86.</summary>
/// <remarks>
/// Xen, xen/include/public/arch-x86/xen.h, xen-x86_64.h and xen-x86_32.h. A 64-bit Xen writes a fully virtualised domain's in the 64-bit layout,
/// however wide the domain is, and gives each context of a 32-bit paravirtualised one the room of a 64-bit one.
/// </remarks>
internal static class XenVcpu
{
    /// <summary>More than this is never read.</summary>
    public const ulong MostBytes = 64 << 20;

    private const int WideSize = 5168;
    private const int NarrowSize = 2800;
    private const int WideControl = 4984;
    private const int NarrowControl = 2716;
    private const int Cr3 = 3;

    // Offsets of 64-bit numbers; those of cs to gs are 16 bits wide.
    private static readonly (string Name, int Offset)[] Wide =
    [
        ("r15", 520), ("r14", 528), ("r13", 536), ("r12", 544), ("rbp", 552), ("rbx", 560), ("r11", 568), ("r10", 576), ("r9", 584), ("r8", 592),
        ("rax", 600), ("rcx", 608), ("rdx", 616), ("rsi", 624), ("rdi", 632), ("rip", 648), ("eflags", 664), ("rsp", 672),
        ("fs_base", 5144), ("kernel_gs_base", 5152), ("gs_base", 5160),
    ];

    private static readonly (string Name, int Offset)[] WideSelectors =
        [("cs", 656), ("ss", 680), ("es", 688), ("ds", 696), ("fs", 704), ("gs", 712)];

    // Offsets of 32-bit numbers.
    private static readonly (string Name, int Offset)[] Narrow =
    [
        ("rbx", 516), ("rcx", 520), ("rdx", 524), ("rsi", 528), ("rdi", 532), ("rbp", 536), ("rax", 540), ("rip", 548), ("eflags", 556), ("rsp", 560),
    ];

    private static readonly (string Name, int Offset)[] NarrowSelectors =
        [("cs", 552), ("ss", 564), ("es", 568), ("ds", 572), ("fs", 576), ("gs", 580)];

    /// <summary>Reads the processors. O(processors).</summary>
    /// <param name="bytes">The section.</param>
    /// <param name="count">How many processors there are, as the header says.</param>
    /// <param name="size">The section's size as its header says, which the file may not hold.</param>
    /// <param name="machine">The machine it was written on.</param>
    /// <param name="isPara">Whether the domain is paravirtualised.</param>
    /// <param name="warnings">Takes what is lost.</param>
    /// <param name="wordSize">The domain's word size, where the layout says; else null.</param>
    public static IReadOnlyList<Cpu> Read(
        ReadOnlySpan<byte> bytes, ulong? count, ulong size, ElfMachine machine, bool isPara, List<string> warnings, out int? wordSize)
    {
        wordSize = null;
        if (machine is not (ElfMachine.X86_64 or ElfMachine.I386) || size == 0)
        {
            return [];
        }

        ulong each = count is > 0 && size % count == 0 ? size / count.Value : machine == ElfMachine.I386 ? (ulong)NarrowSize : WideSize;
        if (each is not (WideSize or NarrowSize))
        {
            warnings.Add($"The processors' registers have {each} bytes each, and no version of Xen that is known writes so many; they are left out.");
            return [];
        }

        var cpus = new List<Cpu>();
        for (int at = 0; bytes.Length - at >= (int)each; at += (int)each)
        {
            ReadOnlySpan<byte> context = bytes.Slice(at, (int)each);
            bool isWide = each == WideSize && !(isPara && IsNarrow(context));
            if (isPara || !isWide)
            {
                wordSize = isWide ? 64 : 32;
            }

            cpus.Add(new Cpu(cpus.Count, isWide ? DecodeWide(context, isPara) : DecodeNarrow(context, isPara, warnings)));
        }

        if ((ulong)cpus.Count < size / each)
        {
            warnings.Add($"The registers of {(size / each) - (ulong)cpus.Count} processors aren't in the file, which is cut off.");
        }

        return cpus;
    }

    /// <summary>A running domain's CR3 isn't 0, so where it is tells the layout.</summary>
    private static bool IsNarrow(ReadOnlySpan<byte> context) =>
        BinaryPrimitives.ReadUInt64LittleEndian(context[(WideControl + (Cr3 * 8))..]) == 0
        && BinaryPrimitives.ReadUInt32LittleEndian(context[(NarrowControl + (Cr3 * 4))..]) != 0;

    private static Dictionary<string, ulong> DecodeWide(ReadOnlySpan<byte> context, bool isPara)
    {
        var registers = new Dictionary<string, ulong>(StringComparer.OrdinalIgnoreCase);
        foreach ((string name, int offset) in Wide)
        {
            registers[name] = BinaryPrimitives.ReadUInt64LittleEndian(context[offset..]);
        }

        Selectors(context, WideSelectors, registers);
        foreach (int i in (ReadOnlySpan<int>)[0, 2, 3, 4])
        {
            registers[$"cr{i}"] = BinaryPrimitives.ReadUInt64LittleEndian(context[(WideControl + (i * 8))..]);
        }

        // A paravirtualised kernel has two tables: one for itself, and one for its programs, which stands in the place of CR1.
        if (isPara && BinaryPrimitives.ReadUInt64LittleEndian(context[(WideControl + 8)..]) is var user and not 0)
        {
            registers["user_cr3"] = user;
        }

        return registers;
    }

    private static Dictionary<string, ulong> DecodeNarrow(ReadOnlySpan<byte> context, bool isPara, List<string> warnings)
    {
        var registers = new Dictionary<string, ulong>(StringComparer.OrdinalIgnoreCase);
        foreach ((string name, int offset) in Narrow)
        {
            registers[name] = BinaryPrimitives.ReadUInt32LittleEndian(context[offset..]);
        }

        Selectors(context, NarrowSelectors, registers);
        foreach (int i in (ReadOnlySpan<int>)[0, 2, 3, 4])
        {
            registers[$"cr{i}"] = BinaryPrimitives.ReadUInt32LittleEndian(context[(NarrowControl + (i * 4))..]);
        }

        if (isPara)
        {
            // Xen turns the number of the frame round by 12 bits, so that 32 bits reach beyond 4 GiB.
            uint cr3 = (uint)registers["cr3"];
            ulong root = (ulong)((cr3 >> 12) | (cr3 << 20)) << 12;
            registers["cr3"] = root;
            if (root > uint.MaxValue)
            {
                warnings.Add($"A processor's root is at 0x{root:x}, beyond what CR3 can hold in this mode; give it as the root.");
            }
        }

        return registers;
    }

    private static void Selectors(ReadOnlySpan<byte> context, (string Name, int Offset)[] table, Dictionary<string, ulong> registers)
    {
        foreach ((string name, int offset) in table)
        {
            registers[name] = BinaryPrimitives.ReadUInt16LittleEndian(context[offset..]);
        }
    }
}
