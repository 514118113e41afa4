using System.Buffers.Binary;
using System.Text.Json;
using ElfMmu.Memory;

namespace ElfMmu.Dumps;

/// <summary>
/// The registers of an x86's processors in a stream of QEMU's. What is where in a processor's section is told by the description of all devices,
/// in JSON, that QEMU puts at the end of the stream.
/// </summary>
/// <remarks>QEMU, migration/vmstate.c and savevm.c; target/i386/machine.c for the names of the fields.</remarks>
internal static class QemuCpus
{
    private const byte FullSection = 4;
    private const byte Description = 6;
    private const ulong MostBytes = 64 << 20;
    private const uint MostCpus = 4096;

    private static readonly string[] GeneralRegisters =
        ["rax", "rcx", "rdx", "rbx", "rsp", "rbp", "rsi", "rdi", "r8", "r9", "r10", "r11", "r12", "r13", "r14", "r15"];

    private static readonly string[] SegmentRegisters = ["es", "cs", "ss", "ds", "fs", "gs"];

    private static readonly Dictionary<string, string> Numbers = new(StringComparer.Ordinal)
    {
        ["env.eip"] = "rip",
        ["env.eflags"] = "eflags",
        ["env.cr[0]"] = "cr0",
        ["env.cr[2]"] = "cr2",
        ["env.cr[3]"] = "cr3",
        ["env.cr[4]"] = "cr4",
        ["env.efer"] = "efer",
        ["env.kernelgsbase"] = "kernel_gs_base",
    };

    /// <summary>Reads the processors; none when the stream doesn't describe itself, or isn't an x86's.</summary>
    /// <param name="source">The file.</param>
    /// <param name="start">Where the devices begin.</param>
    /// <param name="warnings">Takes what can't be read.</param>
    public static IReadOnlyList<Cpu> Read(DataSource source, ulong start, List<string> warnings)
    {
        if (start >= source.Length)
        {
            return [];
        }

        // Devices have some hundreds of kilobytes. Whatever is more than can be theirs is left alone.
        byte[] bytes = new byte[Math.Min(source.Length - start, MostBytes)];
        source.Read(start, bytes);
        try
        {
            if (FindDescription(bytes, out int devices) is not { } json)
            {
                warnings.Add($"'{source.Name}' has no description of its devices, so the processors' registers aren't known. Its tables can be searched for.");
                return [];
            }

            using JsonDocument document = JsonDocument.Parse(json);
            return Read(document.RootElement, bytes.AsSpan(0, devices));
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or FormatException or KeyNotFoundException or OverflowException)
        {
            warnings.Add($"The description of the devices in '{source.Name}' can't be read, so the processors' registers aren't known: {e.Message}");
            return [];
        }
    }

    /// <summary>JSON has no NUL, and its length stands before it; a saver may have put zeros behind it.</summary>
    private static ReadOnlyMemory<byte>? FindDescription(byte[] bytes, out int devices)
    {
        const int HeaderSize = 5;
        devices = 0;
        int end = bytes.AsSpan().LastIndexOfAnyExcept((byte)0) + 1;
        int zero = bytes.AsSpan(0, end).LastIndexOf((byte)0);
        int brace = zero < 0 ? -1 : bytes.AsSpan(zero, end - zero).IndexOf((byte)'{');
        devices = zero + brace - HeaderSize;
        if (brace < 0 || devices < 0 || bytes[devices] != Description)
        {
            return null;
        }

        uint length = BinaryPrimitives.ReadUInt32BigEndian(bytes.AsSpan(devices + 1));
        int start = devices + HeaderSize;
        return length <= bytes.Length - start ? bytes.AsMemory(start, (int)length) : null;
    }

    private static List<Cpu> Read(JsonElement root, ReadOnlySpan<byte> bytes)
    {
        var cpus = new Dictionary<uint, Cpu>();
        Dictionary<(uint Instance, uint Version), int> sections = FindSections(bytes);
        foreach (JsonElement device in root.GetProperty("devices").EnumerateArray())
        {
            if (device.GetProperty("name").GetString() != "cpu" || !device.TryGetProperty("fields", out JsonElement fields))
            {
                continue;
            }

            uint instance = device.GetProperty("instance_id").GetUInt32();
            if (instance < MostCpus && !cpus.ContainsKey(instance)
                && sections.TryGetValue((instance, device.GetProperty("version").GetUInt32()), out int at)
                && Decode(fields, bytes[at..]) is { } registers)
            {
                cpus.Add(instance, new Cpu((int)instance, registers));
            }
        }

        return [.. cpus.Values.OrderBy(c => c.Index)];
    }

    /// <summary>
    /// Where the contents of processors' sections begin, by instance and version: behind type, number, name, instance and version. One pass.
    /// </summary>
    private static Dictionary<(uint Instance, uint Version), int> FindSections(ReadOnlySpan<byte> bytes)
    {
        const int Before = 5;
        const int HeaderSize = 12;
        ReadOnlySpan<byte> name = "\u0003cpu"u8;
        var sections = new Dictionary<(uint, uint), int>();
        for (int from = Before; from < bytes.Length;)
        {
            int found = bytes[from..].IndexOf(name);
            if (found < 0)
            {
                break;
            }

            int at = from + found;
            if (bytes[at - Before] == FullSection && bytes.Length - at >= HeaderSize)
            {
                sections.TryAdd(
                    (BinaryPrimitives.ReadUInt32BigEndian(bytes[(at + 4)..]), BinaryPrimitives.ReadUInt32BigEndian(bytes[(at + 8)..])), at + HeaderSize);
            }

            from = at + 1;
        }

        return sections;
    }

    private static Dictionary<string, ulong>? Decode(JsonElement fields, ReadOnlySpan<byte> bytes)
    {
        var registers = new Dictionary<string, ulong>(StringComparer.OrdinalIgnoreCase);
        int at = 0;
        foreach (JsonElement field in fields.EnumerateArray())
        {
            string name = field.GetProperty("name").GetString() ?? "";
            int size = field.GetProperty("size").GetInt32();
            int count = field.TryGetProperty("array_len", out JsonElement length) ? length.GetInt32() : 1;
            if (size < 0 || count < 0 || (long)size * count > bytes.Length - at)
            {
                // What follows isn't where it ought to be.
                break;
            }

            ReadOnlySpan<byte> content = bytes.Slice(at, size * count);
            if (name == "env.regs" && size is 4 or 8)
            {
                for (int i = 0; i < Math.Min(count, GeneralRegisters.Length); i++)
                {
                    registers[GeneralRegisters[i]] = Number(content.Slice(i * size, size));
                }
            }
            else if (name == "env.segs" || name is "env.ldt" or "env.tr" or "env.gdt" or "env.idt")
            {
                Segments(name == "env.segs" ? SegmentRegisters : [name[4..]], content, size, registers);
            }
            else if (Numbers.TryGetValue(name, out string? register) && size is 4 or 8)
            {
                registers[register] = Number(content[..size]);
            }

            at += content.Length;
        }

        return registers.ContainsKey("cr3") ? registers : null;
    }

    /// <summary>{selector u32, base, limit u32, flags u32}; the base is as wide as the processor.</summary>
    private static void Segments(string[] names, ReadOnlySpan<byte> content, int size, Dictionary<string, ulong> registers)
    {
        int wide = size - 12;
        for (int i = 0; wide is 4 or 8 && i < names.Length && (i + 1) * size <= content.Length; i++)
        {
            ReadOnlySpan<byte> one = content.Slice(i * size, size);
            if (names[i] is not ("gdt" or "idt"))
            {
                registers[names[i]] = Number(one[..4]);
                registers[names[i] + ".flags"] = Number(one.Slice(8 + wide, 4));
            }

            registers[names[i] + "_base"] = Number(one.Slice(4, wide));
            registers[names[i] + ".limit"] = Number(one.Slice(4 + wide, 4));
        }
    }

    private static ulong Number(ReadOnlySpan<byte> bytes) =>
        bytes.Length == 4 ? BinaryPrimitives.ReadUInt32BigEndian(bytes) : BinaryPrimitives.ReadUInt64BigEndian(bytes);
}
