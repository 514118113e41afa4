using System.Collections;
using System.Globalization;
using System.Numerics;
using ElfMmu.Reading;

namespace ElfMmu.Cli.Output;

/// <summary>Writes memory that was read, in each of the formats.</summary>
/// <param name="format">The format.</param>
/// <param name="output">Where to.</param>
internal sealed class MemoryWriter(ReadFormat format, Utf8Output output)
{
    /// <summary>What the addresses of everything that is read are called: virtual ones, and physical ones.</summary>
    public static readonly string[] AddressNames = ["virtualAddress", "physicalAddress"];

    private readonly ReportWriter? _reports = format switch
    {
        ReadFormat.Csv => new CsvReportWriter(output),
        ReadFormat.Json => new JsonReportWriter(output, list: true),
        _ => null,
    };

    /// <summary>How many digits an address has.</summary>
    public int Digits { get; set; } = 16;

    /// <summary>Whether addresses are physical.</summary>
    public bool IsPhysical { get; set; }

    /// <summary>Writes bytes.</summary>
    public void Write(MemoryBlock block)
    {
        if (format == ReadFormat.Raw)
        {
            output.Write(block.Bytes);
        }
        else if (_reports == null)
        {
            HexDump.Write(block, Digits, output);
        }
        else
        {
            for (int at = 0; at < block.Bytes.Length; at += HexDump.LineBytes)
            {
                ReadOnlySpan<byte> line = block.Bytes.AsSpan(at, Math.Min(HexDump.LineBytes, block.Bytes.Length - at));
                _reports.Write(At(block.Address + (ulong)at)
                    .Add("bytes", null, Convert.ToHexStringLower(line)));
            }
        }
    }

    /// <summary>Writes a value.</summary>
    public void Write(ulong address, MemoryValueCodec codec, object value, ReadOnlySpan<byte> bytes)
    {
        if (format == ReadFormat.Raw)
        {
            output.Write(bytes);
        }
        else if (_reports == null)
        {
            output.Write($"{new Hex(address).ToString(Digits)}  {Shown(value, codec)}\n");
        }
        else
        {
            _reports.Write(At(address)
                .Add("type", null, codec.Type.Name)
                .Add("value", null, Plain(value, codec)));
        }
    }

    /// <summary>Writes text.</summary>
    public void Write(MemoryText text)
    {
        if (_reports == null)
        {
            output.Write($"{new Hex(text.Address).ToString(Digits)}  {Clean(text.Text)}\n");
        }
        else
        {
            _reports.Write(At(text.Address)
                .Add("value", null, text.Text)
                .Add("length", null, text.Size)
                .Add("end", null, text.End.ToString()));
        }
    }

    /// <summary>Writes a structure.</summary>
    public void Write(ulong address, StructValue value, ReadOnlySpan<byte> bytes)
    {
        switch (format)
        {
            case ReadFormat.Raw:
                output.Write(bytes);
                break;
            case ReadFormat.Table:
                output.Write($"{new Hex(address).ToString(Digits)}\n");
                WriteFields(value, 0, 2);
                break;
            default:
                Report report = At(address);
                if (format == ReadFormat.Json)
                {
                    Nest(report, value);
                }
                else
                {
                    Flatten(report, value, "");
                }

                _reports!.Write(report);
                break;
        }
    }

    /// <summary>Ends the whole output.</summary>
    public void End() => _reports?.End();

    private Report At(ulong address) => new Report().Add(AddressNames[IsPhysical ? 1 : 0], null, new Hex(address));

    private static void Nest(Report report, StructValue value)
    {
        foreach ((StructField field, object item) in value.Shape.Fields.Zip(value.Values))
        {
            report.AddOwn(field.Name, item switch
            {
                StructValue inner => Inner(inner),
                StructValue[] several => Array.ConvertAll(several, Inner),
                _ => Plain(item, field.Codec),
            });
        }

        static Report Inner(StructValue inner)
        {
            var report = new Report();
            Nest(report, inner);
            return report;
        }
    }

    private static void Flatten(Report report, StructValue value, string prefix)
    {
        foreach ((StructField field, object item) in value.Shape.Fields.Zip(value.Values))
        {
            string name = prefix + field.Name;
            switch (item)
            {
                case StructValue inner:
                    Flatten(report, inner, name + ".");
                    break;
                case StructValue[] several:
                    for (int i = 0; i < several.Length; i++)
                    {
                        Flatten(report, several[i], string.Create(CultureInfo.InvariantCulture, $"{name}[{i}]."));
                    }

                    break;
                default:
                    report.AddOwn(name, Plain(item, field.Codec));
                    break;
            }
        }
    }

    /// <summary>
    /// A value for a program: a number as a number, unless it is an address, JSON has none such, or its type is wider than the 53 bits that
    /// readers of JSON keep. That goes by the type, so that a field doesn't change from value to value.
    /// </summary>
    private static object Plain(object value, MemoryValueCodec? codec) => value switch
    {
        byte[] bytes => Convert.ToHexStringLower(bytes),
        string or bool => value,
        IEnumerable items => items.Cast<object>().Select(i => Plain(i, codec)).ToArray(),
        ulong address when codec?.Type.Kind == MemoryValueKind.Pointer => new Hex(address),
        char or long or ulong or BigInteger => codec!.Format(value),
        float number when !float.IsFinite(number) => codec!.Format(value),
        double number when !double.IsFinite(number) => codec!.Format(value),
        _ => value,
    };

    /// <summary>A value for people: numbers in decimal and in hexadecimal.</summary>
    private static string Shown(object value, MemoryValueCodec? codec)
    {
        return value switch
        {
            byte[] bytes => Convert.ToHexStringLower(bytes),
            string text => $"'{Clean(text)}'",
            IEnumerable items => string.Join(", ", items.Cast<object>().Select(i => Shown(i, codec))),
            _ when codec?.Type.Kind is MemoryValueKind.Unsigned or MemoryValueKind.Signed && codec.Size > 1 =>
                $"{codec.Format(value)} (0x{HexOf(value, codec)})",
            _ => codec!.Format(value),
        };

        static string HexOf(object value, MemoryValueCodec codec)
        {
            byte[] bytes = codec.Encode(value);
            if (codec.ByteOrder == ByteOrder.Little)
            {
                Array.Reverse(bytes);
            }

            string digits = Convert.ToHexStringLower(bytes).TrimStart('0');
            return digits.Length == 0 ? "0" : digits;
        }
    }

    private static string Clean(string text) => string.Concat(text.Select(c => char.IsControl(c) ? '.' : c));

    private void WriteFields(StructValue value, int offset, int indent)
    {
        (StructField Field, object Value)[] fields = [.. value.Shape.Fields.Zip(value.Values)];
        int names = fields.Max(f => f.Field.Name.Length);
        foreach ((StructField field, object item) in fields)
        {
            int at = offset + field.Offset;
            string head = new string(' ', indent) + string.Create(CultureInfo.InvariantCulture, $"+0x{at:x2}  ") + field.Name.PadRight(names);
            StructValue[]? inner = item as StructValue[] ?? (item is StructValue one ? [one] : null);
            output.Write(inner == null ? $"{head}  {Shown(item, field.Codec)}\n" : head.TrimEnd() + "\n");
            for (int i = 0; i < inner?.Length; i++)
            {
                WriteFields(inner[i], at + (i * field.Shape!.Size), indent + 2);
            }
        }
    }
}
