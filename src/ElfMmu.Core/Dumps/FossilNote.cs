using System.Text;
using System.Text.Json;
using ElfMmu.Memory;

namespace ElfMmu.Dumps;

/// <summary>
/// The FOSSIL note: NUL-terminated JSON about the machine, in a dump whose segments have their physical address in p_vaddr.
/// </summary>
internal sealed class FossilNote
{
    private readonly Machine _machine;

    private FossilNote(Machine machine) => _machine = machine;

    /// <summary>Reads a note; what can't be read is said in a warning, and the dump is still one with a FOSSIL note.</summary>
    public static FossilNote Parse(ReadOnlySpan<byte> description, List<string> warnings)
    {
        int end = description.IndexOf((byte)0);
        ReadOnlySpan<byte> json = end < 0 ? description : description[..end];
        try
        {
            // Bytes that aren't UTF-8 would make every text that holds one unreadable later.
            var reader = new Utf8JsonReader(Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(json)));
            using JsonDocument document = JsonDocument.ParseValue(ref reader);
            return new FossilNote(Read(document.RootElement, warnings));
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            warnings.Add($"The FOSSIL note isn't JSON that can be read, so the machine is unknown: {e.Message}");
            return new FossilNote(new Machine());
        }
    }

    /// <summary>What the container says, with what the note adds.</summary>
    public Machine AddTo(Machine container)
    {
        // Devices that the note names by their start only are segments of the container: join the names to them.
        var names = _machine.Devices.Where(d => d.Size == 0).GroupBy(d => d.Start).ToDictionary(g => g.Key, g => g.First().Name);
        Machine named = container with
        {
            Devices = [.. container.Devices.Select(d => d with { Name = names.GetValueOrDefault(d.Start) ?? d.Name })],
        };
        return named.With(_machine with { Devices = [.. _machine.Devices.Where(d => d.Size > 0)], ByteOrder = container.ByteOrder });
    }

    private static Machine Read(JsonElement root, List<string> warnings)
    {
        if (root.ValueKind != JsonValueKind.Object)
        {
            warnings.Add("The FOSSIL note isn't a JSON object, so the machine is unknown.");
            return new Machine();
        }

        string? architecture = Text(root, "Architecture") ?? Text(root, "QEMUArchitecture");
        string? detailed = Text(root, "QEMUArchitecture") ?? architecture;
        return new Machine
        {
            Architecture = MachineNames.ParseArchitecture(architecture),
            WordSize = MachineNames.ParseWordSize(detailed),
            Mode = Text(root, "MMUMode"),
            PhysicalAddressBits = PhysicalAddressBits(root),
            Cpus = Cpus(root),
            Devices = Devices(root),
        };
    }

    private static int? PhysicalAddressBits(JsonElement root) =>
        root.TryGetProperty("CPUSpecifics", out JsonElement specifics)
        && specifics.ValueKind == JsonValueKind.Object
        && specifics.TryGetProperty("MAXPHYADDR", out JsonElement bits)
        && bits.TryGetAddress(out ulong value)
        && value is >= 32 and <= 64
            ? (int)value
            : null;

    private static Cpu[] Cpus(JsonElement root)
    {
        if (!root.TryGetProperty("CPURegisters", out JsonElement registers))
        {
            return [];
        }

        IEnumerable<JsonElement> cpus = registers.ValueKind switch
        {
            JsonValueKind.Object => [registers],
            JsonValueKind.Array => registers.EnumerateArray().Where(e => e.ValueKind == JsonValueKind.Object),
            _ => [],
        };
        return [.. cpus.Select((cpu, index) =>
        {
            var values = new Dictionary<string, ulong>(StringComparer.OrdinalIgnoreCase);
            foreach (JsonProperty register in cpu.EnumerateObject())
            {
                if (register.Value.TryGetAddress(out ulong value))
                {
                    values[register.Name] = value;
                }
            }

            return new Cpu(index, values);
        })];
    }

    private static PhysicalRegion[] Devices(JsonElement root)
    {
        if (!root.TryGetProperty("MemoryMappedDevices", out JsonElement devices) || devices.ValueKind != JsonValueKind.Array)
        {
            return [];
        }

        var regions = new List<PhysicalRegion>();
        foreach (JsonElement device in devices.EnumerateArray())
        {
            if (device.ValueKind != JsonValueKind.Array || device.GetArrayLength() < 2 || !device[0].TryGetAddress(out ulong start))
            {
                continue;
            }

            if (device[1].TryGetAddress(out ulong last))
            {
                if (last >= start && last - start < ulong.MaxValue)
                {
                    regions.Add(new PhysicalRegion(start, last - start + 1));
                }
            }
            else if (device[1].ValueKind == JsonValueKind.String)
            {
                regions.Add(new PhysicalRegion(start, 0, device[1].GetString()));
            }
        }

        return [.. regions];
    }

    private static string? Text(JsonElement root, string name) =>
        root.TryGetProperty(name, out JsonElement value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
}
