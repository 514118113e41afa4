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
            JsonValueKind.String => AddressText.TryParse(element.GetString()!, out value),
            _ => false,
        };
    }

    private static bool Reinterpret(long negative, out ulong value)
    {
        value = (ulong)negative;
        return true;
    }
}
