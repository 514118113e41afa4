using System.Text.Json;

namespace ElfMmu.Dwarf;

/// <summary>A value in JSON and the way to it, for messages.</summary>
/// <param name="Value">The value.</param>
/// <param name="Path">The names and numbers that lead to it.</param>
internal readonly record struct JsonNode(JsonElement Value, string Path)
{
    public bool IsText => Value.ValueKind == JsonValueKind.String;

    public bool IsObject => Value.ValueKind == JsonValueKind.Object;

    public string Text => IsText ? Decode(Value, static v => v.GetString()!) : throw Expected("text");

    public Int128 Number => Value.ValueKind switch
    {
        JsonValueKind.Number when Value.TryGetUInt64(out ulong u) => u,
        JsonValueKind.Number when Value.TryGetInt64(out long i) => i,
        JsonValueKind.String when AddressText.TryParse(Text, out ulong address) => address,
        _ => throw Expected("a whole number of up to 64 bits, or text with one (0x…)"),
    };

    public ulong Unsigned => Number is var n && n >= 0 ? (ulong)n : throw Expected("a number that isn't negative");

    /// <summary>A size or offset, as large as they get.</summary>
    public ulong Size => Number is var n && n >= 0 && n <= CTypes.MaximumSize ? (ulong)n : throw Expected("a number from 0 to 2⁴⁸");

    public bool Truth => Value.ValueKind switch
    {
        JsonValueKind.True => true,
        JsonValueKind.False => false,
        _ => throw Expected("true or false"),
    };

    public bool Has(string name) => IsObject && Find(name) is { ValueKind: not JsonValueKind.Null };

    /// <summary>A value in an object.</summary>
    public JsonNode this[string name] => Value.ValueKind != JsonValueKind.Object
        ? throw Expected("an object")
        : Find(name) is { } found
            ? new JsonNode(found, Join(name))
            : throw Expected($"an object with \"{name}\" in it");

    /// <summary>The values of an object by name.</summary>
    public IEnumerable<(string Name, JsonNode Node)> Properties()
    {
        if (!IsObject)
        {
            throw Expected("an object");
        }

        foreach (JsonProperty property in Value.EnumerateObject())
        {
            string name = Decode(property, static p => p.Name);
            yield return (name, new JsonNode(property.Value, Join(name)));
        }
    }

    /// <summary>The values of an array.</summary>
    public IEnumerable<JsonNode> Items()
    {
        if (Value.ValueKind != JsonValueKind.Array)
        {
            throw Expected("an array");
        }

        int i = 0;
        foreach (JsonElement item in Value.EnumerateArray())
        {
            yield return new JsonNode(item, $"{Path}[{i++}]");
        }
    }

    public ElfMmuException Expected(string what)
    {
        string raw = Value.ValueKind == JsonValueKind.Undefined ? "" : Value.GetRawText();
        return Invalid($"expected {what}, and there is {(raw.Length > 60 ? raw[..60] + "…" : raw)}");
    }

    public ElfMmuException Invalid(string what) => new(
        "TypeJsonInvalid", ErrorKind.InvalidArgument, $"The types in JSON are wrong at {(Path.Length == 0 ? "the top" : Path)}: {what}.");

    private JsonElement? Find(string name) =>
        Decode((Value, name), static o => o.Value.TryGetProperty(o.name, out JsonElement found) ? found : (JsonElement?)null);

    // Whether what is escaped are whole characters is seen only when a text or name is asked for.
    private T Decode<TFrom, T>(TFrom from, Func<TFrom, T> read)
    {
        try
        {
            return read(from);
        }
        catch (InvalidOperationException)
        {
            throw Invalid("a text or name here has half a character in it, a surrogate without its other one");
        }
    }

    private string Join(string name) => Path.Length == 0 ? name : Path + "." + name;
}
