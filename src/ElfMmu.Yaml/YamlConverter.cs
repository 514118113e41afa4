using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Json;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace ElfMmu.Yaml;

/// <summary>
/// Turns one YAML document into JSON text. The engine loads this assembly in a load context of its own and calls only this
/// method, so no type of YamlDotNet crosses the border.
/// </summary>
public static class YamlConverter
{
    private const int MaximumDepth = 32;

    /// <summary>Converts; every scalar becomes a JSON string, an empty plain one null.</summary>
    /// <param name="yaml">The document.</param>
    /// <exception cref="FormatException">It isn't YAML, or uses anchors, which could unfold without bound.</exception>
    public static string ToJson(string yaml)
    {
        try
        {
            var parser = new Parser(new StringReader(yaml));
            parser.Consume<StreamStart>();
            if (!parser.TryConsume<DocumentStart>(out _))
            {
                throw new FormatException("the document is empty");
            }

            var buffer = new ArrayBufferWriter<byte>();
            using (var writer = new Utf8JsonWriter(buffer))
            {
                WriteNode(parser, writer, 0);
            }

            return Encoding.UTF8.GetString(buffer.WrittenSpan);
        }
        catch (YamlException e)
        {
            throw new FormatException(string.Create(
                CultureInfo.InvariantCulture, $"line {e.Start.Line}, column {e.Start.Column}: {e.Message}"), e);
        }
        catch (Exception e) when (e is InvalidOperationException or ArgumentException)
        {
            // The parser's way of saying that a document ends in the midst of something, or holds half a character.
            throw new FormatException("it isn't YAML: " + e.Message, e);
        }
    }

    private static void WriteNode(Parser parser, Utf8JsonWriter writer, int depth)
    {
        if (depth > MaximumDepth)
        {
            throw new FormatException($"it is nested more than {MaximumDepth} levels deep");
        }

        if (parser.Current is Scalar scalar)
        {
            parser.MoveNext();
            bool empty = scalar.Style == ScalarStyle.Plain && scalar.Value is "" or "~" or "null";
            if (empty)
            {
                writer.WriteNullValue();
            }
            else
            {
                writer.WriteStringValue(scalar.Value);
            }
        }
        else if (parser.TryConsume<SequenceStart>(out _))
        {
            writer.WriteStartArray();
            while (!parser.TryConsume<SequenceEnd>(out _))
            {
                WriteNode(parser, writer, depth + 1);
            }

            writer.WriteEndArray();
        }
        else if (parser.TryConsume<MappingStart>(out _))
        {
            writer.WriteStartObject();
            while (!parser.TryConsume<MappingEnd>(out _))
            {
                writer.WritePropertyName(parser.Consume<Scalar>().Value);
                WriteNode(parser, writer, depth + 1);
            }

            writer.WriteEndObject();
        }
        else
        {
            throw new FormatException($"line {parser.Current?.Start.Line}: anchors and aliases aren't taken");
        }
    }
}
