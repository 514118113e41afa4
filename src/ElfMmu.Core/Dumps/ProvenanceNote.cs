using System.Buffers;
using System.Globalization;
using System.Reflection;
using System.Text.Encodings.Web;
using System.Text.Json;
using ElfMmu.Export;

namespace ElfMmu.Dumps;

/// <summary>
/// The note of a converted dump that says what it was made of: file, container, hashes, and what is known of where, when and how the memory
/// was taken. JSON under a name of our own, which other readers leave alone.
/// </summary>
internal static class ProvenanceNote
{
    /// <summary>The note's name.</summary>
    public const string Name = CoreNotes.ProvenanceName;

    /// <summary>The note's type.</summary>
    public const uint Type = CoreNotes.ProvenanceType;

    private const string PlacedKey = "placed";
    private const string LossKey = "loss";
    private const string FactsKey = "facts";
    private const string SystemKey = "operatingSystem";
    private const string HostKey = "hostName";
    private const string TakenKey = "takenUtc";
    private const string DetailsKey = "details";

    private static readonly JsonWriterOptions Plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The note's description.</summary>
    /// <param name="dump">The dump that is converted.</param>
    /// <param name="sourceSha256">The SHA-256 of its file.</param>
    /// <param name="memorySha256">That of its memory.</param>
    /// <param name="loss">What of the memory is lost.</param>
    public static byte[] Write(MemoryDump dump, string sourceSha256, string memorySha256, ConversionLoss? loss)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer, Plain))
        {
            json.WriteStartObject();
            json.WriteString("tool", "ElfMmu");
            json.WriteString("version", typeof(ProvenanceNote).Assembly
                .GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion);
            json.WriteString("source", Path.GetFileName(dump.Identity.Path));
            json.WriteString("container", dump.Container);
            json.WriteNumber("length", dump.Identity.Length);
            json.WriteString("sha256", sourceSha256);
            json.WriteString("memorySha256", memorySha256);
            json.WriteBoolean(PlacedKey, dump.IsPlaced);
            if (loss != null)
            {
                json.WritePropertyName(LossKey);
                loss.Write(json);
            }

            json.WriteStartObject(FactsKey);
            DumpFacts facts = dump.Facts;
            Text(SystemKey, facts.OperatingSystem);
            Text(HostKey, facts.HostName);
            Text(TakenKey, facts.TakenUtc?.ToString("O", CultureInfo.InvariantCulture));
            json.WriteStartObject(DetailsKey);
            foreach ((string name, object value) in facts.Details)
            {
                json.WritePropertyName(name);
                JsonSerializer.Serialize(json, value is string or bool or int or uint or long or ulong or double
                    ? value
                    : Convert.ToString(value, CultureInfo.InvariantCulture));
            }

            json.WriteEndObject();
            json.WriteEndObject();
            json.WriteEndObject();

            void Text(string key, string? value)
            {
                if (value != null)
                {
                    json.WriteString(key, value);
                }
            }
        }

        return buffer.WrittenSpan.ToArray();
    }

    /// <summary>
    /// What a note says: of where, when and how the memory was taken, whether anything said where it was, and what was lost. Nothing where it can't be
    /// read.
    /// </summary>
    public static (DumpFacts? Facts, bool IsPlaced, ConversionLoss? Loss) Read(ReadOnlySpan<byte> description)
    {
        try
        {
            var reader = new Utf8JsonReader(description);
            using JsonDocument document = JsonDocument.ParseValue(ref reader);
            JsonElement note = document.RootElement;
            return note.ValueKind != JsonValueKind.Object ? (null, true, null) : (
                note.TryGetProperty(FactsKey, out JsonElement facts) && facts.ValueKind == JsonValueKind.Object ? FactsOf(facts) : null,
                !note.TryGetProperty(PlacedKey, out JsonElement placed) || placed.ValueKind != JsonValueKind.False,
                note.TryGetProperty(LossKey, out JsonElement loss) && loss.ValueKind == JsonValueKind.Object ? ConversionLoss.Read(loss) : null);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            // What isn't ours, or is damaged, says nothing; the memory is worth having without it.
            return (null, true, null);
        }
    }

    private static DumpFacts FactsOf(JsonElement facts) => new()
    {
        OperatingSystem = Text(facts, SystemKey),
        HostName = Text(facts, HostKey),
        TakenUtc = facts.TryGetProperty(TakenKey, out JsonElement taken) && taken.TryGetDateTime(out DateTime time)
            ? time.ToUniversalTime()
            : null,
        Details = facts.TryGetProperty(DetailsKey, out JsonElement details) && details.ValueKind == JsonValueKind.Object
            ? [.. details.EnumerateObject().Select(d => KeyValuePair.Create(d.Name, Value(d.Value)))]
            : [],
    };

    private static string? Text(JsonElement element, string name) =>
        element.TryGetProperty(name, out JsonElement value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    private static object Value(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.True => true,
        JsonValueKind.False => false,
        JsonValueKind.Number when element.TryGetInt64(out long number) => number,
        JsonValueKind.Number when element.TryGetUInt64(out ulong number) => number,
        JsonValueKind.Number => element.GetDouble(),
        _ => element.ToString(),
    };
}
