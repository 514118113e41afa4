using System.Globalization;
using System.Text.Json;
using ElfMmu.Memory;

namespace ElfMmu.Dumps;

/// <summary>What a converted dump lacks, or has zeros for, of the one it was made of.</summary>
internal sealed record ConversionLoss
{
    /// <summary>The most bytes that it takes in a note.</summary>
    public const int MostBytes = 4096;

    private const int MostStretches = 64;
    private const int MostNamed = 3;

    /// <summary>How many bytes the first container promised that its files didn't hold.</summary>
    public ulong Missing { get; init; }

    /// <summary>How many bytes were in damaged blocks.</summary>
    public ulong Damaged { get; init; }

    /// <summary>How many blocks were damaged.</summary>
    public int Blocks { get; init; }

    /// <summary>Whether zeros stand for all that, and for what was left out of the first container, because it was asked for.</summary>
    public bool IsZeroFilled { get; init; }

    /// <summary>The first of the damaged stretches, at most 64, by their physical addresses.</summary>
    public IReadOnlyList<(ulong Start, ulong Size)> First { get; init; } = [];

    /// <summary>How many bytes are no memory of the machine.</summary>
    public ulong Size => Sum(Missing, Damaged);

    /// <summary>What was lost until all of a dump was read, conversions before this one included; null for nothing. O(stretches).</summary>
    /// <param name="dump">The dump.</param>
    /// <param name="damaged">What turned out not to be had.</param>
    public static ConversionLoss? Of(MemoryDump dump, DamagedStretches damaged)
    {
        ConversionLoss before = dump.Loss ?? new ConversionLoss();
        bool zeroFill = dump.Identity.ZeroFill;
        var known = DumpDamage.Of(dump);
        IEnumerable<(ulong Start, ulong Size)> stretches = zeroFill
            ? known.First.Where(d => d.PhysicalAddress != null).Select(d => (d.PhysicalAddress!.Value, (ulong)d.Size))
            : damaged.All;
        var loss = new ConversionLoss
        {
            Missing = dump.MissingSize - Math.Min(dump.MissingSize, before.Damaged),
            Damaged = Sum(before.Damaged, zeroFill ? known.Size : damaged.Size),
            Blocks = (int)Math.Min((long)before.Blocks + known.Count, int.MaxValue),
            IsZeroFilled = before.IsZeroFilled || zeroFill,
            First = [.. before.First.Concat(stretches).OrderBy(s => s.Start).Take(MostStretches)],
        };
        return loss.Size > 0 || loss.IsZeroFilled ? loss : null;
    }

    /// <summary>Reads what <see cref="Write"/> wrote.</summary>
    public static ConversionLoss Read(JsonElement json)
    {
        return new ConversionLoss
        {
            Missing = Number("missing"),
            Damaged = Number("damaged"),
            Blocks = (int)Math.Min(Number("blocks"), int.MaxValue),
            IsZeroFilled = json.TryGetProperty("zeroFilled", out JsonElement filled) && filled.ValueKind == JsonValueKind.True,
            First = json.TryGetProperty("first", out JsonElement first) && first.ValueKind == JsonValueKind.Array
                ? [.. first.EnumerateArray().Take(MostStretches).Select(Stretch).Where(s => s.Size > 0)]
                : [],
        };

        ulong Number(string name) => json.TryGetProperty(name, out JsonElement value) && value.TryGetAddress(out ulong number) ? number : 0;

        static (ulong Start, ulong Size) Stretch(JsonElement pair) => pair.ValueKind == JsonValueKind.Array && pair.GetArrayLength() == 2
            && pair[0].TryGetAddress(out ulong start) && pair[1].TryGetAddress(out ulong size) ? (start, size) : default;
    }

    /// <summary>Writes it as an object, in at most <see cref="MostBytes"/> bytes.</summary>
    public void Write(Utf8JsonWriter json)
    {
        json.WriteStartObject();
        json.WriteBoolean("zeroFilled", IsZeroFilled);
        json.WriteNumber("missing", Missing);
        json.WriteNumber("damaged", Damaged);
        json.WriteNumber("blocks", Blocks);
        json.WriteStartArray("first");
        foreach ((ulong start, ulong size) in First)
        {
            json.WriteStartArray();
            json.WriteStringValue(Hex(start));
            json.WriteStringValue(Hex(size));
            json.WriteEndArray();
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    /// <summary>What is to be said of it, in sentences.</summary>
    /// <param name="most">How many stretches are named at most.</param>
    public IEnumerable<string> Describe(int most = MostNamed)
    {
        string fate = IsZeroFilled ? "read as zeros" : "left out";
        if (Damaged > 0)
        {
            string named = string.Join(", ", First.Take(most).Select(s => $"0x{s.Size:x} from physical 0x{s.Start:x} on"));
            yield return $"When it was converted, {Hex(Damaged)} bytes in {Blocks} {(Blocks == 1 ? "block" : "blocks")} were damaged and {fate}"
                + $"{(named.Length == 0 ? "" : ": " + named)}{(First.Count > most ? " and more" : "")}.";
        }

        if (Missing > 0)
        {
            yield return $"When it was converted, {Hex(Missing)} bytes that its container promised weren't in the file, and were {fate}.";
        }

        if (IsZeroFilled)
        {
            yield return "It was converted with zeros for what was damaged, missing or left out of the dump it was made of; they are no evidence of what was there.";
        }
    }

    private static string Hex(ulong value) => "0x" + value.ToString("x", CultureInfo.InvariantCulture);

    private static ulong Sum(ulong one, ulong other) => one <= ulong.MaxValue - other ? one + other : ulong.MaxValue;
}
