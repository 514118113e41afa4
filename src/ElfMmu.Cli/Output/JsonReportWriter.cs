using System.Collections;
using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace ElfMmu.Cli.Output;

/// <summary>Writes reports as JSON objects, in an array where several may come.</summary>
internal sealed class JsonReportWriter : ReportWriter
{
    private readonly Utf8JsonWriter _json;
    private readonly Utf8Output _output;
    private readonly bool _list;

    public JsonReportWriter(Utf8Output output, bool list)
    {
        _output = output;
        _list = list;
        _json = new Utf8JsonWriter(output, new JsonWriterOptions
        {
            Indented = true,
            NewLine = "\n",
            Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        });
        if (list)
        {
            _json.WriteStartArray();
        }
    }

    /// <inheritdoc/>
    public override void Write(Report report) => WriteValue(report);

    /// <inheritdoc/>
    public override void End()
    {
        if (_list)
        {
            _json.WriteEndArray();
        }

        _json.Flush();
        _output.Write("\n"u8);
    }

    private void WriteValue(object? value)
    {
        switch (value)
        {
            case null:
                _json.WriteNullValue();
                break;
            case bool yes:
                _json.WriteBooleanValue(yes);
                break;
            case string or Hex:
                _json.WriteStringValue(value.ToString());
                break;
            case Size size:
                _json.WriteNumberValue(size.Value);
                break;
            case double number:
                _json.WriteNumberValue(number);
                break;
            case float number:
                _json.WriteNumberValue(number);
                break;
            case Report report:
                WriteObject(report);
                break;
            case IEnumerable items:
                _json.WriteStartArray();
                foreach (object? item in items)
                {
                    WriteValue(item);
                }

                _json.WriteEndArray();
                break;
            default:
                _json.WriteNumberValue(Convert.ToDecimal(value, CultureInfo.InvariantCulture));
                break;
        }
    }

    private void WriteObject(Report report)
    {
        _json.WriteStartObject();
        foreach (ReportField field in report.Fields)
        {
            _json.WritePropertyName(field.Name);
            WriteValue(field.Value);
        }

        _json.WriteEndObject();
    }
}
