using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;
using System.Text.Json;
using ElfMmu.Elf;

namespace ElfMmu.Tests.Support;

/// <summary>
/// A machine of 64 KiB of RAM, one processor and two devices, to be put in every container there is. Its tables map three pages
/// of RAM, one of a device and one of nothing.
/// </summary>
internal sealed class SmallMachine
{
    public const ulong RamBase = 0x10_0000;
    public const ulong DeviceStart = 0xfee0_0000;
    public const ulong OtherDeviceStart = 0xfec0_0000;
    public const ulong DeviceSize = 0x1000;

    private const ulong PresentWriteUser = 7;

    public SmallMachine(string mode)
    {
        Mode = mode;
        Memory = RawDump.Pages(16);
        bool wide = mode == "ia32e";
        int tables = wide ? 4 : 2;
        Memory.AsSpan(0, tables * 4096).Clear();
        for (int level = 0; level < tables - 1; level++)
        {
            Put(level, 0, RamBase + ((ulong)(level + 1) * 4096) + PresentWriteUser);
        }

        ulong[] targets =
            [RamBase + 0x8000, RamBase + 0x9000, RamBase + 0x5000, DeviceStart, 0x3000_0000];
        for (int i = 0; i < targets.Length; i++)
        {
            Put(tables - 1, 16 + i, targets[i] + PresentWriteUser);
        }

        Registers = new Dictionary<string, ulong>
        {
            ["cr0"] = 0x8001_0011,
            ["cr3"] = RamBase,
            ["cr4"] = wide ? 0xb0UL : 0x90,
        };

        void Put(int page, int index, ulong entry)
        {
            Span<byte> table = Memory.AsSpan(page * 4096);
            if (wide)
            {
                BinaryPrimitives.WriteUInt64LittleEndian(table[(index * 8)..], entry);
            }
            else
            {
                BinaryPrimitives.WriteUInt32LittleEndian(table[(index * 4)..], (uint)entry);
            }
        }
    }

    /// <summary><c>ia32</c> or <c>ia32e</c>.</summary>
    public string Mode { get; }

    public byte[] Memory { get; }

    public Dictionary<string, ulong> Registers { get; }

    private bool Wide => Mode == "ia32e";

    private ElfMachine Machine => Wide ? ElfMachine.X86_64 : ElfMachine.I386;

    /// <summary>As QEMU's dump-guest-memory writes it; RAM is cut in two so that there are several segments.</summary>
    public byte[] Elf(ElfClass elfClass, ElfData data)
    {
        byte[] notes = new ElfNoteBuilder(data)
            .Add("CORE", 1, CoreNoteLayouts.EncodePrStatus(Machine, data, Registers, 1)!)
            .Add("QEMU", 0, QemuNote(Registers, Wide))
            .ToArray();
        return new ElfBuilder(elfClass, data, Machine).Notes(notes)
            .Load(RamBase, Memory[..0x6000])
            .Load(RamBase + 0x6000, Memory[0x6000..])
            .Build();
    }

    /// <summary>The notes of QEMU's kdump-compressed files, which are those of its ELF cores.</summary>
    public byte[] KdumpNotes() => new ElfNoteBuilder(ElfData.LittleEndian)
        .Add("CORE", 1, CoreNoteLayouts.EncodePrStatus(Machine, ElfData.LittleEndian, Registers, 1)!)
        .Add("QEMU", 0, QemuNote(Registers, Wide))
        .ToArray();

    /// <summary>With a FOSSIL note, whose size counts its padding or not.</summary>
    public byte[] Fossil(ElfClass elfClass, bool padded)
    {
        string json = JsonSerializer.Serialize(new Dictionary<string, object>
        {
            ["Architecture"] = "Intel",
            ["QEMUArchitecture"] = Wide ? "x86_64" : "i386",
            ["Uptime"] = 12.5,
            ["CPURegisters"] = Registers,
            ["MemoryMappedDevices"] =
                new object[] { new object[] { DeviceStart, "apic" }, new object[] { OtherDeviceStart, "io" } },
            ["MMUMode"] = Wide ? "ia64" : "ia32",
            ["CPUSpecifics"] = new Dictionary<string, object> { ["MAXPHYADDR"] = 40 },
        });
        byte[] description = Encoding.UTF8.GetBytes(json + '\0');
        description = [.. description, .. new byte[padded ? (4 - (description.Length % 4)) % 4 : 0]];
        byte[] note = new ElfNoteBuilder(ElfData.LittleEndian).Add("FOSSIL", 0xdeadc0de, description).ToArray();
        return new ElfBuilder(elfClass, ElfData.LittleEndian, Machine).Notes(note)
            .Load(0, Memory, virtualAddress: RamBase)
            .Load(0, [], DeviceSize, DeviceStart)
            .Load(0, [], DeviceSize, OtherDeviceStart)
            .Build();
    }

    /// <summary>In mmushell's format, with RAM in two files or, without names, in none.</summary>
    public string Yaml(string? low = null, string? high = null)
    {
        string cpu = string.Join("\n", Registers.Select(r => $"    {r.Key}: 0x{r.Value:x}"));
        return $"""
            cpu:
              architecture: intel
              endianness: little
              bits: {(Wide ? 64 : 32)}
              processor_features:
                m_phy: 40
              registers_values:
            {cpu}
            mmu:
              mode: {(Wide ? "ia64" : "ia32")}
            memspace:
              ram:
                - start: 0x{RamBase:x}
                  end: 0x{RamBase + 0x5fff:x}
                  {(low == null ? "" : $"dumpfile: {low}")}
                - start: 0x{RamBase + 0x6000:x}
                  end: 0x{RamBase + 0xffff:x}
                  {(high == null ? "" : $"dumpfile: {high}")}
              not_ram:
                - start: 0x{DeviceStart:x}
                  end: 0x{DeviceStart + DeviceSize - 1:x}
                - start: 0x{OtherDeviceStart:x}
                  end: 0x{OtherDeviceStart + DeviceSize - 1:x}

            """;
    }

    public static byte[] Pack(byte[] bytes)
    {
        var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Fastest, leaveOpen: true))
        {
            gzip.Write(bytes);
        }

        return packed.ToArray();
    }

    /// <summary>struct QEMUX86CPUState, version 1.</summary>
    public static byte[] QemuNote(Dictionary<string, ulong> registers, bool wide)
    {
        byte[] note = new byte[440];
        BinaryPrimitives.WriteUInt32LittleEndian(note, 1);
        BinaryPrimitives.WriteUInt32LittleEndian(note.AsSpan(4), 440);
        BinaryPrimitives.WriteUInt32LittleEndian(note.AsSpan(152 + 8), wide ? 1U << 21 : 0);
        BinaryPrimitives.WriteUInt64LittleEndian(note.AsSpan(392), registers["cr0"]);
        BinaryPrimitives.WriteUInt64LittleEndian(note.AsSpan(416), registers["cr3"]);
        BinaryPrimitives.WriteUInt64LittleEndian(note.AsSpan(424), registers["cr4"]);
        return note;
    }
}
