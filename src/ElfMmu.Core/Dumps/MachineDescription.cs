using System.Text;
using System.Text.Json;
using ElfMmu.Memory;

namespace ElfMmu.Dumps;

/// <summary>
/// A machine in mmushell's YAML format: <c>cpu</c> (architecture, endianness, bits, processor_features.m_phy,
/// registers_values), <c>mmu.mode</c>, and <c>memspace</c> (ram and not_ram ranges, both ends inclusive). Beside them <c>offset</c> of a ram range,
/// <c>mmu.encryption_mask</c>, and <c>cpus</c>: the processors behind the first, each with index and registers_values.
/// </summary>
internal sealed class MachineDescription
{
    private const int MaximumLength = 1 << 20;

    /// <summary>What it says about the machine.</summary>
    public required Machine Machine { get; init; }

    /// <summary>The stretches of RAM in the order of the file.</summary>
    public required IReadOnlyList<RamPiece> Ram { get; init; }

    /// <summary>Whether a file starts like a machine description: text with one of the format's top-level keys.</summary>
    public static bool Matches(ReadOnlySpan<byte> head)
    {
        if (head.ContainsAnyInRange((byte)0, (byte)8))
        {
            return false;
        }

        foreach (Range line in head.Split((byte)'\n'))
        {
            if (head[line].StartsWith("cpu:"u8) || head[line].StartsWith("mmu:"u8) || head[line].StartsWith("memspace:"u8))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Reads a description.</summary>
    /// <exception cref="ElfMmuException"><c>MachineInvalid</c>.</exception>
    public static MachineDescription Read(DataSource source)
    {
        if (source.Length > MaximumLength)
        {
            throw Invalid(source, $"it has {source.Length} bytes, more than a description can need");
        }

        byte[] bytes = new byte[source.Length];
        source.Read(0, bytes);
        try
        {
            using JsonDocument document = JsonDocument.Parse(YamlBridge.ToJson(Encoding.UTF8.GetString(bytes)));
            return Parse(document.RootElement, source);
        }
        catch (FormatException e)
        {
            throw Invalid(source, e.Message, e);
        }
    }

    private static MachineDescription Parse(JsonElement root, DataSource source)
    {
        if (root.ValueKind != JsonValueKind.Object)
        {
            throw Invalid(source, "it isn't a mapping with cpu, mmu and memspace");
        }

        JsonElement cpu = Member(root, "cpu");
        JsonElement space = Member(root, "memspace");
        string directory = Path.GetDirectoryName(Path.GetFullPath(source.Name)) ?? "";
        return new MachineDescription
        {
            Machine = new Machine
            {
                Architecture = MachineNames.ParseArchitecture(Text(Member(cpu, "architecture"))),
                ByteOrder = Text(Member(cpu, "endianness")) == "big" ? ByteOrder.Big : ByteOrder.Little,
                WordSize = OptionalNumber(Member(cpu, "bits"), source, "bits", 32, 64),
                PhysicalAddressBits = OptionalNumber(Member(Member(cpu, "processor_features"), "m_phy"), source, "m_phy", 32, 64),
                Mode = Text(Member(Member(root, "mmu"), "mode")),
                EncryptionMask = NumberOrZero(Member(Member(root, "mmu"), "encryption_mask"), source, "encryption_mask"),
                Cpus = [.. Cpus(cpu, Items(Member(root, "cpus")), source)],
                Devices = [.. Items(Member(space, "not_ram")).Select(item =>
                {
                    (ulong start, ulong size) = Extent(item, source);
                    return new PhysicalRegion(start, size, Text(Member(item, "name")));
                })],
            },
            Ram = [.. Items(Member(space, "ram")).Select(item =>
            {
                (ulong start, ulong size) = Extent(item, source);
                string? file = Text(Member(item, "dumpfile"));
                if (file?.Contains('\0', StringComparison.Ordinal) == true)
                {
                    throw Invalid(source, "the name of a dumpfile has a NUL in it");
                }

                return new RamPiece(start, size, file == null ? null : Path.GetFullPath(Path.Combine(directory, file)), NumberOrZero(Member(item, "offset"), source, "offset"));
            })],
        };
    }

    /// <summary>The first processor, and those of the list behind it; one without registers isn't there.</summary>
    private static IEnumerable<Cpu> Cpus(JsonElement first, IEnumerable<JsonElement> others, DataSource source)
    {
        var seen = new HashSet<int>();
        foreach ((JsonElement element, int place) in others.Prepend(first).Select((e, i) => (e, i)))
        {
            var registers = new Dictionary<string, ulong>(StringComparer.OrdinalIgnoreCase);
            foreach (JsonProperty register in Members(Member(element, "registers_values")))
            {
                registers[register.Name] = Number(register.Value, source, "register " + register.Name);
            }

            int index = OptionalNumber(Member(element, "index"), source, "index", 0, int.MaxValue) ?? place;
            if (registers.Count > 0 && !seen.Add(index))
            {
                throw Invalid(source, $"two processors have the number {index}");
            }

            if (registers.Count > 0)
            {
                yield return new Cpu(index, registers);
            }
        }
    }

    private static (ulong Start, ulong Size) Extent(JsonElement range, DataSource source)
    {
        ulong start = Number(Member(range, "start"), source, "start");
        ulong last = Number(Member(range, "end"), source, "end");
        if (last < start || (start == 0 && last == ulong.MaxValue))
        {
            throw Invalid(source, $"a range from 0x{start:x} to 0x{last:x} has no size");
        }

        return (start, last - start + 1);
    }

    private static int? OptionalNumber(JsonElement element, DataSource source, string what, int least, int most)
    {
        if (element.ValueKind is JsonValueKind.Undefined or JsonValueKind.Null)
        {
            return null;
        }

        ulong value = Number(element, source, what);
        return value >= (ulong)least && value <= (ulong)most
            ? (int)value
            : throw Invalid(source, $"{what} is {value}, outside {least} to {most}");
    }

    private static ulong NumberOrZero(JsonElement element, DataSource source, string what) =>
        element.ValueKind is JsonValueKind.Undefined or JsonValueKind.Null ? 0 : Number(element, source, what);

    private static ulong Number(JsonElement element, DataSource source, string what) =>
        element.TryGetAddress(out ulong value)
            ? value
            : throw Invalid(source, $"{what} should be a number, not '{(element.ValueKind == JsonValueKind.Undefined ? "" : element)}'");

    private static JsonElement Member(JsonElement element, string name) =>
        element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out JsonElement value) ? value : default;

    private static IEnumerable<JsonElement> Items(JsonElement element) =>
        element.ValueKind == JsonValueKind.Array ? element.EnumerateArray() : [];

    private static IEnumerable<JsonProperty> Members(JsonElement element) =>
        element.ValueKind == JsonValueKind.Object ? element.EnumerateObject() : [];

    private static string? Text(JsonElement element) =>
        element.ValueKind == JsonValueKind.String ? element.GetString() : null;

    private static ElfMmuException Invalid(DataSource source, string what, Exception? inner = null) => new(
        "MachineInvalid",
        ErrorKind.InvalidData,
        $"'{source.Name}' isn't a machine description that can be used: {what}.",
        inner)
    { Path = source.Name };
}
