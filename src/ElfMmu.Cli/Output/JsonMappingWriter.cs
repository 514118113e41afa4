using System.Text.Encodings.Web;
using System.Text.Json;
using ElfMmu.Paging;
using ElfMmu.Spaces;

namespace ElfMmu.Cli.Output;

/// <summary>Writes mappings as one JSON array, an object a line: valid JSON that line-based tools can read as well.</summary>
internal sealed class JsonMappingWriter(Utf8Output output, bool several) : MappingWriter
{
    private static readonly JsonEncodedText Dump = JsonEncodedText.Encode("dump");
    private static readonly JsonEncodedText VirtualAddress = JsonEncodedText.Encode("virtualAddress");
    private static readonly JsonEncodedText Size = JsonEncodedText.Encode("size");
    private static readonly JsonEncodedText PhysicalAddress = JsonEncodedText.Encode("physicalAddress");
    private static readonly JsonEncodedText PageSize = JsonEncodedText.Encode("pageSize");
    private static readonly JsonEncodedText SupervisorRights = JsonEncodedText.Encode("supervisorRights");
    private static readonly JsonEncodedText UserRights = JsonEncodedText.Encode("userRights");
    private static readonly JsonEncodedText Kind = JsonEncodedText.Encode("kind");
    private static readonly JsonEncodedText Root = JsonEncodedText.Encode("root");

    // Every row is a whole JSON text that is known to be right, so nothing of the writer's checking is needed.
    private readonly Utf8JsonWriter _json = new(output, new JsonWriterOptions { SkipValidation = true });
    private bool _any;
    private ulong _root;
    private JsonEncodedText _path;

    /// <inheritdoc/>
    public override void Begin(string path, AddressSpace space)
    {
        _root = space.Identity.Root;
        _path = JsonEncodedText.Encode(path, JavaScriptEncoder.UnsafeRelaxedJsonEscaping);
    }

    /// <inheritdoc/>
    public override void Write(in Mapping mapping)
    {
        output.Write(_any ? ",\n"u8 : "[\n"u8);
        _any = true;
        _json.Reset();
        _json.WriteStartObject();
        if (several)
        {
            _json.WriteString(Dump, _path);
        }

        WriteHex(VirtualAddress, mapping.VirtualAddress);
        _json.WriteNumber(Size, mapping.Size);
        WriteHex(PhysicalAddress, mapping.PhysicalAddress);
        _json.WriteNumber(PageSize, mapping.Attributes.PageSize);
        _json.WriteString(SupervisorRights, Utf8Names.Of(mapping.Attributes.Supervisor));
        _json.WriteString(UserRights, Utf8Names.Of(mapping.Attributes.User));
        _json.WriteString(Kind, Utf8Names.Of(mapping.Kind));
        WriteHex(Root, _root);
        _json.WriteEndObject();
        _json.Flush();
    }

    /// <inheritdoc/>
    public override void End() => output.Write(_any ? "\n]\n"u8 : "[]\n"u8);

    private void WriteHex(JsonEncodedText name, ulong value)
    {
        Span<byte> room = stackalloc byte[18];
        var text = new Utf8Row(room);
        text.AddHex(value);
        _json.WriteString(name, room[..text.Length]);
    }
}
