using System.Globalization;
using System.Text.Json;

namespace ElfMmu.Dumps;

/// <summary>Numbers in descriptions: JSON numbers, decimal text or 0x-hex text, with or without underscores.</summary>
internal static class JsonNumbers
{
    public static bool TryGetAddress(this JsonElement element, out ulong value)
    {
        value = 0;
        return element.ValueKind switch
        {
            JsonValueKind.Number => element.TryGetUInt64(out value)
                || (element.TryGetInt64(out long negative) && Reinterpret(negative, out value)),
            JsonValueKind.String => TryParse(element.GetString()!, out value),
            _ => false,
        };
    }

    private static bool Reinterpret(long negative, out ulong value)
    {
        value = (ulong)negative;
        return true;
    }

    private static bool TryParse(string text, out ulong value)
    {
        text = text.Trim().Replace("_", "", StringComparison.Ordinal);
        return text.StartsWith("0x", StringComparison.OrdinalIgnoreCase)
            ? ulong.TryParse(text.AsSpan(2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out value)
            : ulong.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out value);
    }
}
