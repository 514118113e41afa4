namespace ElfMmu.Dwarf;

/// <summary>The types a unit needs: those it names and all they refer to.</summary>
internal sealed class DwarfTypeGraph
{
    private readonly HashSet<DwarfType> _seen = new(ReferenceEqualityComparer.Instance);
    private readonly List<DwarfType> _types = [];

    /// <summary>The types, each once, in the order they were come upon.</summary>
    public IReadOnlyList<DwarfType> Types => _types;

    /// <summary>
    /// The types of a unit. O(types and members): a queue, for types may be nested deeper than the stack is.
    /// </summary>
    public static DwarfTypeGraph Of(DwarfUnit unit)
    {
        var graph = new DwarfTypeGraph();
        unit.Types.ForEach(graph.Add);
        unit.Variables.ForEach(v => graph.Add(v.Type));
        unit.Constants.ForEach(c => graph.Add(c.Type));
        foreach (DwarfFunction function in unit.Functions)
        {
            graph.AddFunction(function);
        }

        for (int i = 0; i < graph._types.Count; i++)
        {
            graph.AddParts(graph._types[i]);
        }

        return graph;
    }

    private void Add(DwarfType? type)
    {
        if (type != null && _seen.Add(type))
        {
            _types.Add(type);
        }
    }

    // A function's own entry says what its type would, so the type comes along only where something else refers to it.
    private void AddFunction(DwarfFunction function)
    {
        Add(function.Type?.ReturnType);
        function.Type?.Parameters.ForEach(p => Add(p.Type));
        foreach (DwarfLocal local in function.Locals)
        {
            Add(local.Type);
        }
    }

    private void AddParts(DwarfType type)
    {
        switch (type)
        {
            case DwarfPointerType pointer:
                Add(pointer.Target);
                break;
            case DwarfArrayType array:
                Add(array.Element);
                break;
            case DwarfStructType structure:
                structure.Members.ForEach(m => Add(m.Type));
                break;
            case DwarfEnumType enumeration:
                Add(enumeration.Underlying);
                break;
            case DwarfTypedef typedef:
                Add(typedef.Target);
                break;
            case DwarfQualifiedType qualified:
                Add(qualified.Target);
                break;
            case DwarfFunctionType function:
                Add(function.ReturnType);
                function.Parameters.ForEach(p => Add(p.Type));
                break;
        }
    }
}
