"""Model-free protocol cores: safe XML, tables in text files, archives. No Django, no database."""
