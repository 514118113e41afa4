using System.Collections.ObjectModel;
using System.Text.Json;

namespace ElfMmu.Elf.Notes;

/// <summary>JSON in a note, as objects that need no reader of JSON: dictionaries, lists, texts, numbers, Booleans.</summary>
internal static class NoteJson
{
    /// <summary>The value; the text itself where it isn't JSON.</summary>
    public static object? Parse(string text)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(text);
            return Value(document.RootElement);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            return text;
        }
    }

    private static object? Value(JsonElement element)
    {
        switch (element.ValueKind)
        {
            case JsonValueKind.Object:
                var values = new OrderedDictionary<string, object?>();
                foreach (JsonProperty property in element.EnumerateObject())
                {
                    values[property.Name] = Value(property.Value);
                }

                return new ReadOnlyDictionary<string, object?>(values);
            case JsonValueKind.Array:
                return element.EnumerateArray().Select(Value).ToArray().AsReadOnly();
            case JsonValueKind.String:
                return element.GetString();
            case JsonValueKind.Number:
                return element.TryGetInt64(out long whole) ? whole : element.TryGetUInt64(out ulong large) ? large : element.GetDouble();
            case JsonValueKind.True or JsonValueKind.False:
                return element.GetBoolean();
            default:
                return null;
        }
    }
}
