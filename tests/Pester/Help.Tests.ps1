# The help is made of docs/cmdlets/*.md; where those aren't there (a build of the sources alone), there is nothing to test.

BeforeDiscovery {
    $pages = [IO.Path]::GetFullPath("$PSScriptRoot/../../docs/cmdlets")
    $written = Test-Path -LiteralPath $pages
    $cmdlets = 'Compress-Interval', 'Export-ElfCore', 'Get-ElfHeader', 'Get-PageTableMapping' | ForEach-Object { @{ Name = $_ } }
    $examples = if ($written) {
        foreach ($page in Get-ChildItem -LiteralPath $pages -Filter *.md) {
            $section = [regex]::Match([IO.File]::ReadAllText($page.FullName), '(?ms)^## Examples\s*$(.*?)(?=^## |\z)').Groups[1].Value
            $number = 0
            foreach ($block in [regex]::Matches($section, '(?ms)^```powershell\s*?\n(.*?)^```\s*?$')) {
                $number++
                @{ Page = $page.Name; Number = $number; Code = $block.Groups[1].Value }
            }
        }
    }

    # Pester leaves a Describe without cases out; one that is skipped says so.
    $examples = $examples ? $examples : @(@{ Page = 'docs/cmdlets'; Number = 0; Code = '' })
}

BeforeAll {
    . $PSScriptRoot/Common.ps1
    $written = Test-Path -LiteralPath "$repository/docs/cmdlets"
}

Describe 'Help of <Name>' -ForEach $cmdlets {
    BeforeEach {
        if (-not $written) {
            Set-ItResult -Skipped -Because 'docs/cmdlets is not there'
        }
    }

    BeforeAll {
        $help = Get-Help $Name -Full
        $common = [System.Management.Automation.PSCmdlet]::CommonParameters + [System.Management.Automation.PSCmdlet]::OptionalCommonParameters
        $parameters = (Get-Command $Name).Parameters.Keys | Where-Object { $_ -notin $common } | Sort-Object
    }

    It 'has a synopsis and a description' {
        $help.Synopsis | Should -Not -BeNullOrEmpty
        # Without help, PowerShell makes a synopsis of the syntax.
        $help.Synopsis.Trim() | Should -Not -BeLike "$Name *"
        ($help.description | Out-String).Trim() | Should -Not -BeNullOrEmpty
    }

    It 'has examples, each with code and a remark' {
        $help.examples.example | Should -Not -BeNullOrEmpty
        foreach ($example in $help.examples.example) {
            ($example.code | Out-String).Trim() | Should -Not -BeNullOrEmpty
        }
    }

    It 'describes every parameter' {
        foreach ($parameter in $parameters) {
            $described = $help.parameters.parameter | Where-Object name -EQ $parameter
            $described | Should -HaveCount 1 -Because "-$parameter is one of $Name's parameters"
            ($described.description | Out-String).Trim() | Should -Not -BeNullOrEmpty -Because "-$parameter needs a description"
        }
    }

    It 'describes no parameter there isn''t' {
        $help.parameters.parameter.name | Where-Object { $_ -notin $parameters -and $_ -notin $common } | Should -BeNullOrEmpty
    }

    It 'has a page with a section of examples' {
        "$repository/docs/cmdlets/$Name.md" | Should -FileContentMatch '^## Examples'
    }
}

Describe 'Example <Number> of <Page>' -ForEach $examples {
    It 'runs without an error' {
        if (-not $Code) {
            Set-ItResult -Skipped -Because ($written ? 'no page has an example' : 'docs/cmdlets is not there')
            return
        }

        # Other people's tools may be absent; a command of ours or PowerShell's may not.
        $ast = [System.Management.Automation.Language.Parser]::ParseInput($Code, [ref]$null, [ref]$null)
        $tools = $ast.FindAll({ $args[0] -is [System.Management.Automation.Language.CommandAst] }, $true) |
            ForEach-Object GetCommandName | Where-Object { $_ -match '^(gdb|gdb-multiarch|readelf|eu-readelf|objdump|python3?)$' }
        $absent = $tools | Where-Object { -not (Get-Command $_ -ErrorAction Ignore) }
        if ($absent) {
            Set-ItResult -Skipped -Because "there is no $absent"
            return
        }

        $folder = (New-Item -ItemType Directory "$TestDrive/$([guid]::NewGuid())").FullName
        Copy-Item (Get-SampleDump) "$folder/linux.elf"
        New-RawSample $folder
        $shell = [powershell]::Create()
        try {
            $null = $shell.AddScript('param($module, $folder) Import-Module $module; Set-Location -LiteralPath $folder').
                AddArgument($modulePath).AddArgument($folder).AddStatement().AddScript($Code).AddCommand('Out-String')
            $null = $shell.Invoke()
            $shell.Streams.Error | ForEach-Object { "$($_.FullyQualifiedErrorId): $_" } | Should -BeNullOrEmpty -Because $Code
        }
        finally {
            $shell.Dispose()
            Remove-Item -LiteralPath $folder -Recurse -Force
        }
    }
}
