using System.Buffers.Binary;
using ElfMmu.Elf;

namespace ElfMmu.Dumps;

/// <summary>
/// The notes of a VirtualBox core (<c>VBoxManage debugvm … dumpvmcore</c>): which VirtualBox it was, and the registers of the processors, EFER
/// included. The core says x86-64 whatever the machine in it is.
/// </summary>
/// <remarks>
/// VirtualBox, include/VBox/vmm/dbgfcorefmt.h (DBGFCOREDESCRIPTOR, DBGFCORECPU) and src/VBox/VMM/VMMR3/DBGFCoreWrite.cpp. Versions 1.4 to 1.6 of the format
/// agree up to the end of what is read here; those before 1.4 wrote VirtualBox's own structure as it was.
/// </remarks>
internal sealed class VirtualBoxNotes
{
    private const uint CoreType = 0xb00;
    private const uint CpuType = 0xb01;
    private const uint Magic = 0xc01ac0de;
    private const int DescriptorSize = 24;
    private const int CpuSize = 552;
    private const uint FirstKnown = 0x0001_0004;
    private const uint LastKnown = 0x0001_0006;
    private const uint Granularity = 1 << 15;

    private static readonly (string Name, int Offset)[] Numbers =
    [
        ("rax", 0), ("rbx", 8), ("rcx", 16), ("rdx", 24), ("rsi", 32), ("rdi", 40), ("r8", 48), ("r9", 56), ("r10", 64), ("r11", 72), ("r12", 80),
        ("r13", 88), ("r14", 96), ("r15", 104), ("rip", 112), ("rsp", 120), ("rbp", 128), ("eflags", 136),
        ("cr0", 288), ("cr2", 296), ("cr3", 304), ("cr4", 312),
        ("gdt_base", 384), ("idt_base", 400),
        ("efer", 488), ("star", 496), ("pat", 504), ("lstar", 512), ("cstar", 520), ("sfmask", 528), ("kernel_gs_base", 536), ("apic_base", 544),
    ];

    // 24 bytes each: base u64, limit u32, attributes u32, selector u16.
    private static readonly (string Name, int Offset)[] Segments =
        [("cs", 144), ("ds", 168), ("es", 192), ("fs", 216), ("gs", 240), ("ss", 264), ("ldt", 416), ("tr", 440)];

    private static readonly (string Name, int Offset)[] Limits = [("gdt.limit", 392), ("idt.limit", 408)];

    private readonly List<ReadOnlyMemory<byte>> _cpus = [];
    private uint _format;
    private uint _version;
    private uint _revision;
    private uint _count;

    /// <summary>Whether there was a descriptor.</summary>
    public bool IsPresent { get; private set; }

    /// <summary>Takes a note, if it is one of these.</summary>
    public void Add(ElfNote note)
    {
        ReadOnlySpan<byte> bytes = note.Description.Span;
        switch (note.Name, note.Type)
        {
            case ("VBCORE", CoreType) when bytes.Length >= DescriptorSize && BinaryPrimitives.ReadUInt32LittleEndian(bytes) == Magic:
                IsPresent = true;
                _format = BinaryPrimitives.ReadUInt32LittleEndian(bytes[4..]);
                _version = BinaryPrimitives.ReadUInt32LittleEndian(bytes[12..]);
                _revision = BinaryPrimitives.ReadUInt32LittleEndian(bytes[16..]);
                _count = BinaryPrimitives.ReadUInt32LittleEndian(bytes[20..]);
                break;
            case ("VBCPU", CpuType):
                _cpus.Add(note.Description);
                break;
        }
    }

    /// <summary>The processors, in the order of the notes.</summary>
    /// <param name="warnings">Takes what can't be read.</param>
    public IReadOnlyList<Cpu> Cpus(List<string> warnings)
    {
        if (!IsPresent)
        {
            return [];
        }

        if (_format < FirstKnown || _format >> 16 != LastKnown >> 16 || _cpus.Exists(c => c.Length < CpuSize))
        {
            warnings.Add($"The processors' registers are in version {_format >> 16}.{_format & 0xffff} of VirtualBox's format, whose layout isn't known here "
                + "(1.4 to 1.6 are); they are left out. Its tables can be searched for.");
            return [];
        }

        if (_count != _cpus.Count)
        {
            warnings.Add($"The core says that the machine had {_count} processors, but it has the registers of {_cpus.Count}.");
        }

        return [.. _cpus.Select((c, i) => new Cpu(i, Decode(c.Span)))];
    }

    /// <summary>What they say of the producer.</summary>
    public DumpFacts Facts() => new()
    {
        Details =
        [
            // VBOX_FULL_VERSION: major in 8 bits, minor in 8, build in 16.
            KeyValuePair.Create<string, object>("Product", "VirtualBox"),
            KeyValuePair.Create<string, object>("ProductVersion", $"{_version >> 24}.{(_version >> 16) & 0xff}.{_version & 0xffff}"),
            KeyValuePair.Create<string, object>("ProductBuild", $"r{_revision}"),
        ],
    };

    private static Dictionary<string, ulong> Decode(ReadOnlySpan<byte> bytes)
    {
        var registers = new Dictionary<string, ulong>(StringComparer.OrdinalIgnoreCase);
        foreach ((string name, int offset) in Numbers)
        {
            registers[name] = BinaryPrimitives.ReadUInt64LittleEndian(bytes[offset..]);
        }

        foreach ((string name, int offset) in Segments)
        {
            registers[name] = BinaryPrimitives.ReadUInt16LittleEndian(bytes[(offset + 16)..]);
            registers[name + "_base"] = BinaryPrimitives.ReadUInt64LittleEndian(bytes[offset..]);
            uint limit = BinaryPrimitives.ReadUInt32LittleEndian(bytes[(offset + 8)..]);
            uint attributes = BinaryPrimitives.ReadUInt32LittleEndian(bytes[(offset + 12)..]) & 0xf0ff;
            registers[name + ".limit"] = limit;

            // As in QEMU's note, they stand where the descriptor's second word has them; with it the highest bits of the limit, in pages or bytes.
            registers[name + ".flags"] = (attributes << 8) | ((limit >> ((attributes & Granularity) != 0 ? 12 : 0)) & 0xf_0000);
        }

        foreach ((string name, int offset) in Limits)
        {
            registers[name] = BinaryPrimitives.ReadUInt32LittleEndian(bytes[offset..]);
        }

        return registers;
    }
}
