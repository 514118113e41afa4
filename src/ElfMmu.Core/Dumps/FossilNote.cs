using System.Text;
using System.Text.Json;
using ElfMmu.Memory;

namespace ElfMmu.Dumps;

/// <summary>
/// The FOSSIL note: NUL-terminated JSON about the machine, in a dump whose segments have their physical address in p_vaddr.
/// </summary>
internal sealed class FossilNote
{
    /// <summary>The architecture by mmushell's name.</summary>
    public const string ArchitectureKey = "Architecture";

    /// <summary>The architecture by QEMU's name.</summary>
    public const string DetailedArchitectureKey = "QEMUArchitecture";

    /// <summary>The registers of the first processor, or of all of them in a list.</summary>
    public const string RegistersKey = "CPURegisters";

    /// <summary>The registers of the further processors, in a list.</summary>
    public const string OtherRegistersKey = "OtherCPURegisters";

    /// <summary>Whether the registers are all that are known: what other notes say beyond them is only there to fill their layout.</summary>
    public const string CompleteKey = "CPURegistersComplete";

    /// <summary>The devices.</summary>
    public const string DevicesKey = "MemoryMappedDevices";

    /// <summary>The paging mode.</summary>
    public const string ModeKey = "MMUMode";

    /// <summary>What only some processors have.</summary>
    public const string SpecificsKey = "CPUSpecifics";

    /// <summary>How many bits a physical address has.</summary>
    public const string AddressBitsKey = "MAXPHYADDR";

    /// <summary>The bits of entries that say that memory is encrypted.</summary>
    public const string EncryptionKey = "EncryptionMask";

    private readonly Machine _machine;
    private readonly bool _isComplete;

    private FossilNote(Machine machine, bool isComplete = false)
    {
        _machine = machine;
        _isComplete = isComplete;
    }

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
            JsonElement root = document.RootElement;
            bool isComplete = root.ValueKind == JsonValueKind.Object
                && root.TryGetProperty(CompleteKey, out JsonElement complete) && complete.ValueKind == JsonValueKind.True;
            return new FossilNote(Read(root, warnings), isComplete);
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
        // Devices that the note names by their start only are segments of the container: join the names to them. The sizes of segments count
        // also where the note has an end: of some writers it is the last address, of others the one behind it.
        var known = container.Devices.Select(d => d.Start).ToHashSet();
        var names = _machine.Devices.Where(d => d.Size == 0).GroupBy(d => d.Start).ToDictionary(g => g.Key, g => g.First().Name);
        Machine named = container with
        {
            Devices = [.. container.Devices.Select(d => d with { Name = names.GetValueOrDefault(d.Start) ?? d.Name })],
        };
        if (_isComplete)
        {
            Cpu[] cpus = [.. _machine.Cpus.Select(c => new Cpu(c.Index, c.Registers, named.Cpus.ElementAtOrDefault(c.Index)?.PrStatus ?? default))];
            named = named with { Cpus = cpus };
        }

        return named.With(_machine with
        {
            Devices = [.. _machine.Devices.Where(d => d.Size > 0 && !known.Contains(d.Start))],
            ByteOrder = container.ByteOrder,
        });
    }

    private static Machine Read(JsonElement root, List<string> warnings)
    {
        if (root.ValueKind != JsonValueKind.Object)
        {
            warnings.Add("The FOSSIL note isn't a JSON object, so the machine is unknown.");
            return new Machine();
        }

        string? architecture = Text(root, ArchitectureKey) ?? Text(root, DetailedArchitectureKey);
        string? detailed = Text(root, DetailedArchitectureKey) ?? architecture;
        return new Machine
        {
            Architecture = MachineNames.ParseArchitecture(architecture),
            WordSize = MachineNames.ParseWordSize(detailed),
            Mode = Text(root, ModeKey),
            PhysicalAddressBits = Specific(root, AddressBitsKey) is { } bits and >= 32 and <= 64 ? (int)bits : null,
            EncryptionMask = Specific(root, EncryptionKey) ?? 0,
            Cpus = Cpus(root),
            Devices = Devices(root),
        };
    }

    private static ulong? Specific(JsonElement root, string name) =>
        root.TryGetProperty(SpecificsKey, out JsonElement specifics)
        && specifics.ValueKind == JsonValueKind.Object
        && specifics.TryGetProperty(name, out JsonElement element)
        && element.TryGetAddress(out ulong value)
            ? value
            : null;

    private static Cpu[] Cpus(JsonElement root)
    {
        IEnumerable<JsonElement> cpus = Objects(root, RegistersKey).Concat(Objects(root, OtherRegistersKey));
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

    private static IEnumerable<JsonElement> Objects(JsonElement root, string name) =>
        !root.TryGetProperty(name, out JsonElement value) ? []
        : value.ValueKind switch
        {
            JsonValueKind.Object => [value],
            JsonValueKind.Array => value.EnumerateArray().Where(e => e.ValueKind == JsonValueKind.Object),
            _ => [],
        };

    private static PhysicalRegion[] Devices(JsonElement root)
    {
        if (!root.TryGetProperty(DevicesKey, out JsonElement devices) || devices.ValueKind != JsonValueKind.Array)
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
                    string? name = device.GetArrayLength() > 2 && device[2].ValueKind == JsonValueKind.String ? device[2].GetString() : null;
                    regions.Add(new PhysicalRegion(start, last - start + 1, name));
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
