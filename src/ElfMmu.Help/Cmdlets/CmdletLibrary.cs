using System.Reflection;
using System.Reflection.Metadata;
using System.Reflection.Metadata.Ecma335;
using System.Reflection.PortableExecutable;

namespace ElfMmu.Help.Cmdlets;

/// <summary>
/// Reads the cmdlets of an assembly from its metadata. Nothing is loaded or run, so PowerShell needn't be there.
/// </summary>
public sealed class CmdletLibrary : IDisposable
{
    private const string Automation = "System.Management.Automation.";

    private readonly TypeNames _names = new();
    private readonly List<PEReader> _files = [];
    private readonly MetadataReader _cmdlets;
    private readonly List<MetadataReader> _all = [];
    private HashSet<string>? _texts;

    /// <summary>Opens an assembly and those of the same product beside it.</summary>
    public CmdletLibrary(string path)
    {
        _cmdlets = Open(path);
        string product = Path.GetFileName(path).Split('.')[0];
        foreach (string other in Directory.EnumerateFiles(Path.GetDirectoryName(Path.GetFullPath(path))!, product + ".*.dll"))
        {
            if (Path.GetFileName(other) != Path.GetFileName(path))
            {
                Open(other);
            }
        }
    }

    /// <summary>The cmdlets, by name.</summary>
    public IReadOnlyList<Cmdlet> ReadCmdlets() =>
        [.. _cmdlets.TypeDefinitions.Select(ReadCmdlet).OfType<Cmdlet>().OrderBy(c => c.Name, StringComparer.Ordinal)];

    /// <summary>Whether the code holds a text, such as the id of an error.</summary>
    public bool Contains(string text) => (_texts ??= [.. _all.SelectMany(Texts)]).Contains(text);

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (PEReader file in _files)
        {
            file.Dispose();
        }
    }

    private static IEnumerable<string> Texts(MetadataReader reader)
    {
        UserStringHandle handle = MetadataTokens.UserStringHandle(0);
        do
        {
            yield return reader.GetUserString(handle);
            handle = reader.GetNextHandle(handle);
        }
        while (!handle.IsNil);
    }

    private MetadataReader Open(string path)
    {
        var file = new PEReader(new MemoryStream(File.ReadAllBytes(path)));
        _files.Add(file);
        MetadataReader reader = file.GetMetadataReader();
        _all.Add(reader);
        return reader;
    }

    private Cmdlet? ReadCmdlet(TypeDefinitionHandle handle)
    {
        TypeDefinition type = _cmdlets.GetTypeDefinition(handle);
        List<DecodedAttribute> attributes = Attributes(type.GetCustomAttributes());
        if (attributes.FirstOrDefault(a => a.Type == Automation + "CmdletAttribute") is not { } cmdlet)
        {
            return null;
        }

        // A property that overrides an inherited one replaces it.
        List<CmdletParameter> parameters = [.. ReadParameters(type).GroupBy(p => p.Name).Select(g => g.Last())];
        if (cmdlet.Named("SupportsShouldProcess") is true)
        {
            parameters.Add(Switch("WhatIf", "wi"));
            parameters.Add(Switch("Confirm", "cf"));
        }

        return new Cmdlet(
            $"{cmdlet.Fixed[0]}-{cmdlet.Fixed[1]}",
            cmdlet.Named("DefaultParameterSetName") as string,
            parameters,
            [.. attributes.Where(a => a.Type == Automation + "OutputTypeAttribute").SelectMany(a => a.FixedTexts)]);
    }

    private static CmdletParameter Switch(string name, string alias) => new(
        name,
        Automation + "SwitchParameter",
        [alias],
        false,
        [],
        new Dictionary<string, ParameterBinding> { [CmdletParameter.AllSets] = new(false, null, false, false) });

    private IEnumerable<CmdletParameter> ReadParameters(TypeDefinition type)
    {
        if (type.BaseType.Kind == HandleKind.TypeDefinition)
        {
            foreach (CmdletParameter inherited in ReadParameters(_cmdlets.GetTypeDefinition((TypeDefinitionHandle)type.BaseType)))
            {
                yield return inherited;
            }
        }

        foreach (PropertyDefinitionHandle handle in type.GetProperties())
        {
            PropertyDefinition property = _cmdlets.GetPropertyDefinition(handle);
            List<DecodedAttribute> attributes = Attributes(property.GetCustomAttributes());
            DecodedAttribute[] bindings = [.. attributes.Where(a => a.Type == Automation + "ParameterAttribute")];
            if (bindings.Length > 0)
            {
                string propertyType = property.DecodeSignature(_names, null).ReturnType;
                yield return new CmdletParameter(
                    _cmdlets.GetString(property.Name),
                    propertyType,
                    [.. attributes.Where(a => a.Type == Automation + "AliasAttribute").SelectMany(a => a.FixedTexts)],
                    attributes.Any(a => a.Type == Automation + "SupportsWildcardsAttribute"),
                    ReadValues(propertyType),
                    bindings.ToDictionary(b => b.Named("ParameterSetName") as string ?? CmdletParameter.AllSets, ReadBinding));
            }
        }
    }

    private static ParameterBinding ReadBinding(DecodedAttribute attribute) => new(
        attribute.Named("Mandatory") is true,
        attribute.Named("Position") as int?,
        attribute.Named("ValueFromPipeline") is true,
        attribute.Named("ValueFromPipelineByPropertyName") is true);

    /// <summary>The names of an enumeration's values, in the order of its declaration; empty for any other type.</summary>
    private string[] ReadValues(string typeName)
    {
        foreach (MetadataReader reader in _all)
        {
            foreach (TypeDefinitionHandle handle in reader.TypeDefinitions)
            {
                TypeDefinition type = reader.GetTypeDefinition(handle);
                if (TypeNames.Of(reader, handle) == typeName && TypeNames.Of(reader, type.BaseType) == "System.Enum")
                {
                    return [.. type.GetFields()
                        .Select(reader.GetFieldDefinition)
                        .Where(f => (f.Attributes & FieldAttributes.Literal) != 0)
                        .Select(f => reader.GetString(f.Name))];
                }
            }
        }

        return [];
    }

    private List<DecodedAttribute> Attributes(CustomAttributeHandleCollection handles) => [.. handles.Select(handle =>
    {
        CustomAttribute attribute = _cmdlets.GetCustomAttribute(handle);
        EntityHandle type = attribute.Constructor.Kind == HandleKind.MemberReference
            ? _cmdlets.GetMemberReference((MemberReferenceHandle)attribute.Constructor).Parent
            : _cmdlets.GetMethodDefinition((MethodDefinitionHandle)attribute.Constructor).GetDeclaringType();
        return new DecodedAttribute(TypeNames.Of(_cmdlets, type), attribute.DecodeValue(_names));
    })];
}
